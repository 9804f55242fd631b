//! An encoder behind HTTP: any server that speaks the common `/embeddings` shape, as Ollama,
//! `text-embeddings-inference` and `vLLM` do.
//!
//! In: the address up to `/embeddings`, as in `http://127.0.0.1:8090/v1`, and perhaps `#` with the
//! name of the model. Out: unit vectors. Every call has a time limit and every answer a greatest
//! size. A server that fails costs a ticket its meaning, never its answer: words speak alone then.
//! Plain HTTP to a server nearby; for one further away, put a proxy that speaks TLS beside zhinan.

use std::time::Duration;

use serde::{Deserialize, Serialize};

use super::layers::to_unit;
use super::{Encoder, EncoderError, Vector};

/// How long a call may take.
const TIMEOUT: Duration = Duration::from_secs(5);
/// The longest answer, in bytes: 32 vectors of 4,096 numbers.
const ANSWER_MAX: u64 = 4 * 1024 * 1024;
/// What is sent of one text, in characters: servers refuse what is longer than their model reads.
const TEXT_MAX: usize = 2000;

/// A server that gives vectors.
pub struct Http {
    agent: ureq::Agent,
    url: String,
    model: String,
    version: String,
    dimension: usize,
}

#[derive(Serialize)]
struct Request<'a> {
    input: Vec<String>,
    model: &'a str,
}

#[derive(Deserialize)]
struct Response {
    data: Vec<Embedding>,
}

#[derive(Deserialize)]
struct Embedding {
    index: usize,
    embedding: Vec<f32>,
}

impl Http {
    /// Asks the server for a first vector, and so for its dimension.
    pub fn open(address: &str) -> Result<Http, EncoderError> {
        let (root, model) = address.split_once('#').unwrap_or((address, "default"));
        let url = format!("{}/embeddings", root.trim_end_matches('/'));
        let config = ureq::Agent::config_builder().timeout_global(Some(TIMEOUT)).build();
        let mut http = Http {
            agent: config.new_agent(),
            version: String::new(),
            model: model.to_owned(),
            url,
            dimension: 0,
        };
        let first = http.call(&["zhinan 指南"])?.pop().unwrap_or_default();
        http.dimension = first.len();
        // Another model behind the same address gives another first vector.
        let bytes: Vec<u8> = first.iter().flat_map(|x| x.to_le_bytes()).collect();
        http.version = format!("{}#{}:{}", http.url, http.model, blake3::hash(&bytes).to_hex());
        Ok(http)
    }

    fn call(&self, texts: &[&str]) -> Result<Vec<Vec<f32>>, EncoderError> {
        let failed = |what: String| EncoderError::Server { url: self.url.clone(), what };
        let cut = |text: &&str| text.chars().take(TEXT_MAX).collect();
        let request = Request { input: texts.iter().map(cut).collect(), model: &self.model };
        let mut response = self
            .agent
            .post(&self.url)
            .send_json(&request)
            .map_err(|error| failed(error.to_string()))?;
        let body = response.body_mut().with_config().limit(ANSWER_MAX);
        let mut response: Response = body.read_json().map_err(|error| failed(error.to_string()))?;
        response.data.sort_by_key(|embedding| embedding.index);
        if response.data.len() != texts.len() {
            let given = response.data.len();
            return Err(failed(format!("{given} vectors for {} texts", texts.len())));
        }
        let width = if self.dimension == 0 { None } else { Some(self.dimension) };
        let mut vectors = Vec::with_capacity(texts.len());
        for Embedding { mut embedding, .. } in response.data {
            let wrong = embedding.is_empty() || embedding.iter().any(|x| !x.is_finite());
            if wrong || width.is_some_and(|width| width != embedding.len()) {
                return Err(failed(
                    "a vector of another size, or with numbers that are none".into(),
                ));
            }
            to_unit(&mut embedding);
            vectors.push(embedding);
        }
        Ok(vectors)
    }
}

impl Encoder for Http {
    fn name(&self) -> &str {
        &self.url
    }

    fn dimension(&self) -> usize {
        self.dimension
    }

    fn version(&self) -> &str {
        &self.version
    }

    fn encode(&self, texts: &[&str]) -> Result<Vec<Vector>, EncoderError> {
        Ok(self.call(texts)?.into_iter().map(Vector::from).collect())
    }
}
