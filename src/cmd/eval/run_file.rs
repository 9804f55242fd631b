//! Run files: what was answered to each query, one line each, written by one run and read again to
//! compare two.

use std::path::Path;

use anyhow::bail;
use serde::{Deserialize, Serialize};

use crate::eval::answer::Answer;
use crate::suggest::Decision;

use super::jsonl;

#[derive(Serialize, Deserialize)]
struct AnswerLine {
    id: String,
    decision: String,
    confidence: f32,
    results: Vec<ResultLine>,
}

#[derive(Serialize, Deserialize)]
struct ResultLine {
    id: String,
    score: f32,
}

/// Writes answers in the order of the queries.
pub fn write(path: &Path, answers: &[Answer]) -> anyhow::Result<()> {
    let lines: Vec<AnswerLine> = answers.iter().map(line).collect();
    jsonl::write(path, &lines)
}

fn line(answer: &Answer) -> AnswerLine {
    let result = |(id, score): &(String, f32)| ResultLine { id: id.clone(), score: *score };
    AnswerLine {
        id: answer.id.clone(),
        decision: answer.decision.code().to_owned(),
        confidence: answer.confidence,
        results: answer.results.iter().map(result).collect(),
    }
}

/// Reads the answers to the queries `ids`, in that order, and how many lines were malformed.
pub fn read(path: &Path, ids: &[String]) -> anyhow::Result<(Vec<Answer>, usize)> {
    let lines = jsonl::read::<AnswerLine>(path)?;
    let mut by_id = std::collections::BTreeMap::new();
    for line in lines.records {
        let decision = match line.decision.as_str() {
            "suggest" => Decision::Suggest,
            "abstain" => Decision::Abstain,
            other => bail!("`{}`: `{other}` is no decision; see `{}`", path.display(), line.id),
        };
        let results = line.results.into_iter().map(|r| (r.id, r.score)).collect();
        let answer = Answer { decision, confidence: line.confidence, results, id: line.id };
        by_id.insert(answer.id.clone(), answer);
    }
    let mut answers = Vec::with_capacity(ids.len());
    for id in ids {
        let Some(answer) = by_id.get(id) else {
            bail!("`{}` has no answer to `{id}`; compare runs of one set", path.display());
        };
        answers.push(answer.clone());
    }
    Ok((answers, lines.malformed))
}
