//! The fields of an indexed article: one document for each language version.

use tantivy::schema::{
    Field, IndexRecordOption, STORED, STRING, Schema, TextFieldIndexing, TextOptions,
};

use super::tokenizer::NAME;

/// Changes whenever documents or tokens would come out otherwise, so that an index of an older
/// program is rebuilt instead of misread.
pub const VERSION: u32 = 2;

/// The schema with its fields at hand.
#[derive(Debug, Clone)]
pub struct Fields {
    /// The schema.
    pub schema: Schema,
    /// The article's id.
    pub id: Field,
    /// The language of this version.
    pub lang: Field,
    /// `1` if the reader has this article in this language only.
    pub sole: Field,
    /// Text fields with the weight of each in a search.
    pub text: [(Field, f32); 5],
}

/// Weights of title, questions, headings, body and tags. Title and questions are short and written
/// to be found; the body is counted once. Chosen as round numbers, not fitted: on the golden
/// tickets of the sample knowledge base anything between half and twice of each ranks alike.
const WEIGHTS: [(&str, f32); 5] =
    [("title", 2.0), ("questions", 1.5), ("headings", 1.2), ("body", 1.0), ("tags", 1.0)];

impl Default for Fields {
    fn default() -> Self {
        let mut builder = Schema::builder();
        let id = builder.add_text_field("id", STRING | STORED);
        let lang = builder.add_text_field("lang", STRING | STORED);
        let sole = builder.add_text_field("sole", STRING);
        let indexing = TextFieldIndexing::default()
            .set_tokenizer(NAME)
            .set_index_option(IndexRecordOption::WithFreqsAndPositions);
        let options = TextOptions::default().set_indexing_options(indexing);
        let text =
            WEIGHTS.map(|(name, weight)| (builder.add_text_field(name, options.clone()), weight));
        Fields { schema: builder.build(), id, lang, sole, text }
    }
}
