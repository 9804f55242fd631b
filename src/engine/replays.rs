//! Golden and past tickets answered twice: as things are, and as they would be. Changes nothing.

use crate::eval::replay::{self, Replay, Side};
use crate::kb::library::{Library, Reader};
use crate::suggest::{Corpus, Matcher, Said};

use super::{Engine, EngineError};

impl Engine {
    /// What would change for each kind of reader if `draft` were published. Past tickets are the
    /// newest, at most `past`.
    pub fn replay(&self, draft: &Library, past: usize) -> Result<[Replay; 2], EngineError> {
        let snapshot = self.snapshot();
        for_each_reader(|reader| {
            let now = Side { library: &snapshot.library, matcher: snapshot.matcher(reader) };
            let fitted = self.fitted(draft, reader, &snapshot.said);
            let then = Side { library: draft, matcher: &fitted };
            self.compared(reader, (now, then), past)
        })
    }

    /// What learning from staff has changed for each kind of reader: before it, nothing was learned.
    pub fn replay_learned(&self, past: usize) -> Result<[Replay; 2], EngineError> {
        let snapshot = self.snapshot();
        let library = &snapshot.library;
        for_each_reader(|reader| {
            let fitted = self.fitted(library, reader, &Said::default());
            let untaught = Side { library, matcher: &fitted };
            let now = Side { library, matcher: snapshot.matcher(reader) };
            self.compared(reader, (untaught, now), past)
        })
    }

    /// A matcher that nobody answers from.
    fn fitted(&self, library: &Library, reader: Reader, said: &Said) -> Matcher {
        let memo = self.memos.as_ref().map(|memos| memos.of(reader).clone());
        let corpus = Corpus::of_library(library, reader, said).with_memo(memo);
        Matcher::of_corpus(&corpus, library, reader)
    }

    fn compared(
        &self,
        reader: Reader,
        (before, after): (Side<'_>, Side<'_>),
        past: usize,
    ) -> Result<Replay, EngineError> {
        let golden = replay::golden(after.library, reader, before.library);
        let past = replay::past(self.store(), past)?;
        Ok(replay::replay(reader, (before, after), (&golden, &past), || {}))
    }
}

/// Replays for all kinds of readers at a time, in the order of [`Reader::ALL`]: each fits a matcher.
fn for_each_reader(
    replay: impl Fn(Reader) -> Result<Replay, EngineError> + Sync,
) -> Result<[Replay; 2], EngineError> {
    let [public, staff] = Reader::ALL;
    let (public, staff) = std::thread::scope(|scope| {
        let public = scope.spawn(|| replay(public));
        let staff = replay(staff);
        (public.join(), staff)
    });
    let public = public.unwrap_or_else(|panic| std::panic::resume_unwind(panic));
    Ok([public?, staff?])
}
