//! Words that announce a recovery phrase, in the languages of its lists.
//!
//! In: the view. Out: whether such a word stands near a range. They lower the bar for damaged and
//! unseparated phrases; a phrase in good order is found without them.

use std::cell::OnceCell;
use std::ops::Range;
use std::sync::LazyLock;

use regex::Regex;

use super::view::View;

/// Bytes between the announcement and the phrase: a short clause.
const BEFORE_BYTES: usize = 80;
/// Bytes between the phrase and a remark behind it.
const AFTER_BYTES: usize = 60;

/// Bytes between an announcement and what it leads up to: a verb or a colon.
const LEAD_BYTES: usize = 12;

static KEYWORD: LazyLock<Option<Regex>> = LazyLock::new(|| {
    Regex::new(
        r"seed|mnemonic|phrase|recovery|backup|secret|(?:1[258]|2[14]|twelve|eighteen|twenty.?four)[ -]?words|words? (?:are|is|list)|my words|助记|助忆|注记词|种子|恢复|短语|备份|单词|[0-9]+ ?个[词字]|[0-9]+ ?[词字]|[前后头]面?[0-9一二三四五六七八九十]+个|[上下前后]一?半|frase|semilla|palabras|mots|parole|semente|シード|フレーズ|リカバリ|复元|시드|니모닉|복구",
    )
    .ok()
});

/// Announcements in a text, looked up when first asked for.
pub(super) struct Keywords<'a> {
    view: &'a View,
    places: OnceCell<Vec<Range<usize>>>,
}

impl<'a> Keywords<'a> {
    /// The announcements in `view`.
    pub(super) fn new(view: &'a View) -> Self {
        Keywords { view, places: OnceCell::new() }
    }

    fn places(&self) -> &[Range<usize>] {
        self.places.get_or_init(|| {
            let keys = self.view.keys();
            KEYWORD.iter().flat_map(|k| k.find_iter(keys)).map(|m| m.range()).collect()
        })
    }

    /// Returns true if and only if the character at `at` belongs to an announcement.
    pub(super) fn cover(&self, at: usize) -> bool {
        let places = self.places();
        let ended = places.partition_point(|place| place.end <= at);
        places.get(ended).is_some_and(|place| place.start <= at)
    }

    /// Returns true if and only if an announcement leads up to `range`, as in 助记词是.
    pub(super) fn lead_to(&self, range: &Range<usize>) -> bool {
        let places = self.places();
        let ended = places.partition_point(|place| place.end <= range.start);
        let last = ended.checked_sub(1).and_then(|i| places.get(i));
        last.is_some_and(|place| range.start - place.end <= LEAD_BYTES)
    }

    /// Returns true if and only if an announcement stands near `range` and outside it.
    pub(super) fn are_near(&self, range: &Range<usize>) -> bool {
        let places = self.places();
        let ended = places.partition_point(|place| place.end <= range.start);
        let begun = places.partition_point(|place| place.start < range.end);
        let last = ended.checked_sub(1).and_then(|i| places.get(i));
        last.is_some_and(|place| range.start - place.end <= BEFORE_BYTES)
            || places.get(begun).is_some_and(|place| place.start - range.end <= AFTER_BYTES)
    }
}
