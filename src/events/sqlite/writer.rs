//! The writer: verbs in, answers out after the commit that holds them.
//!
//! One thread owns the connection. Whatever waits in its queue goes into one transaction, because
//! waiting for the disk costs the same for one verb as for hundreds. A refused verb is undone alone;
//! a fault of the disk undoes the whole group and is told to each of its callers.

use std::io;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::mpsc::{Receiver, SyncSender, sync_channel};
use std::thread::{Builder, JoinHandle};

use rusqlite::{Connection, TransactionBehavior};

use crate::events::store::StoreError;

/// The most verbs in one transaction: bounds how long the first caller waits for the others.
const GROUP_MAX: usize = 256;

/// The most verbs that wait; beyond, callers wait to get in.
const QUEUE_MAX: usize = 1024;

/// Something to write in a transaction that is open already.
pub(super) trait Verb: Send + 'static {
    type Answer: Send;

    fn apply(&self, conn: &Connection) -> Result<Self::Answer, StoreError>;
}

/// A verb of any kind with its waiting caller.
trait Job: Send {
    /// Applies the verb and keeps its answer. Returns the error by which it was not applied.
    fn run(&mut self, conn: &Connection) -> Result<(), StoreError>;

    /// Answers the caller: with the group's fault, or with what the verb came to.
    fn answer(self: Box<Self>, fault: Option<&StoreError>);
}

struct Call<V: Verb> {
    verb: V,
    result: Result<V::Answer, StoreError>,
    reply: SyncSender<Result<V::Answer, StoreError>>,
}

impl<V: Verb> Job for Call<V> {
    fn run(&mut self, conn: &Connection) -> Result<(), StoreError> {
        self.result = self.verb.apply(conn);
        self.result.as_ref().map(|_| ()).map_err(StoreError::clone)
    }

    fn answer(self: Box<Self>, fault: Option<&StoreError>) {
        let result = fault.map_or(self.result, |fault| Err(fault.clone()));
        // The caller waits in `submit`; if its thread has died there is nobody to tell.
        let _ = self.reply.send(result);
    }
}

/// The handle on the writer's thread. Dropping it writes what is queued and waits for the thread.
pub(super) struct Writer {
    queue: Option<SyncSender<Box<dyn Job>>>,
    thread: Option<JoinHandle<()>>,
    commits: Arc<AtomicU64>,
}

impl Writer {
    /// Starts the thread.
    pub(super) fn start(conn: Connection) -> io::Result<Writer> {
        let (queue, jobs) = sync_channel(QUEUE_MAX);
        let commits = Arc::new(AtomicU64::new(0));
        let counted = commits.clone();
        let thread =
            Builder::new().name("store-writer".to_owned()).spawn(|| run(conn, jobs, counted))?;
        Ok(Writer { queue: Some(queue), thread: Some(thread), commits })
    }

    /// Writes and waits until it is on disk.
    pub(super) fn submit<V: Verb>(&self, verb: V) -> Result<V::Answer, StoreError> {
        let (reply, answer) = sync_channel(1);
        let call = Call { verb, result: Err(stopped()), reply };
        let queue = self.queue.as_ref().ok_or_else(stopped)?;
        queue.send(Box::new(call)).map_err(|_| stopped())?;
        answer.recv().map_err(|_| stopped())?
    }

    /// How many transactions were committed.
    pub(super) fn commits(&self) -> u64 {
        self.commits.load(Ordering::Relaxed)
    }

    /// Proves that the thread runs.
    pub(super) fn health(&self) -> Result<(), StoreError> {
        match &self.thread {
            Some(thread) if !thread.is_finished() => Ok(()),
            _ => Err(stopped()),
        }
    }
}

impl Drop for Writer {
    fn drop(&mut self) {
        // Without its sender the queue ends, and the thread with it, once it is drained.
        drop(self.queue.take());
        if let Some(thread) = self.thread.take() {
            let _ = thread.join();
        }
    }
}

fn stopped() -> StoreError {
    StoreError::Failed("its writer has stopped; restart the program".to_owned())
}

#[expect(clippy::needless_pass_by_value, reason = "the thread owns what it works with")]
fn run(mut conn: Connection, jobs: Receiver<Box<dyn Job>>, commits: Arc<AtomicU64>) {
    while let Ok(first) = jobs.recv() {
        let mut group = vec![first];
        group.extend(jobs.try_iter().take(GROUP_MAX - 1));
        let fault = commit(&mut conn, &mut group).err();
        if fault.is_none() {
            commits.fetch_add(1, Ordering::Relaxed);
        }
        for job in group {
            job.answer(fault.as_ref());
        }
    }
}

/// Runs the jobs in one transaction. An error means that nothing of the group was kept.
fn commit(conn: &mut Connection, group: &mut [Box<dyn Job>]) -> Result<(), StoreError> {
    if !conn.is_autocommit() {
        // A fault can be so bad that the rollback after it failed too; try that again first.
        conn.execute_batch("ROLLBACK")?;
    }
    let mut tx = conn.transaction_with_behavior(TransactionBehavior::Immediate)?;
    for job in group {
        let savepoint = tx.savepoint()?;
        match job.run(&savepoint) {
            Ok(()) => savepoint.commit()?,
            // Dropping the savepoint undoes this verb alone.
            Err(error) if error.is_refusal() => savepoint.finish()?,
            Err(fault) => return Err(fault),
        }
    }
    Ok(tx.commit()?)
}

#[cfg(test)]
mod tests {
    use std::sync::mpsc::Receiver;

    use super::*;
    use crate::id::TicketId;

    /// Writes a row, then comes to what it was told.
    struct Write(i64, Result<(), StoreError>);

    impl Verb for Write {
        type Answer = ();

        fn apply(&self, conn: &Connection) -> Result<(), StoreError> {
            conn.execute("INSERT INTO kept VALUES (?1)", [self.0])?;
            self.1.clone()
        }
    }

    /// Commits one group; returns each caller's answer and the rows that were kept.
    fn committed(verbs: Vec<Write>) -> (Vec<Result<(), StoreError>>, Vec<i64>) {
        let mut conn = Connection::open_in_memory().unwrap();
        conn.execute_batch("CREATE TABLE kept (n)").unwrap();
        let mut group: Vec<Box<dyn Job>> = Vec::new();
        let mut callers: Vec<Receiver<Result<(), StoreError>>> = Vec::new();
        for verb in verbs {
            let (reply, answer) = sync_channel(1);
            group.push(Box::new(Call { verb, result: Err(stopped()), reply }));
            callers.push(answer);
        }
        let fault = commit(&mut conn, &mut group).err();
        group.into_iter().for_each(|job| job.answer(fault.as_ref()));
        let answers = callers.into_iter().map(|caller| caller.recv().unwrap()).collect();
        let mut select = conn.prepare("SELECT n FROM kept").unwrap();
        let kept = select.query_map([], |row| row.get(0)).unwrap();
        (answers, kept.collect::<Result<_, _>>().unwrap())
    }

    #[test]
    fn a_refusal_undoes_itself_alone() {
        let refusal = Err(StoreError::NoTicket(TicketId(7)));
        let verbs = vec![Write(1, Ok(())), Write(2, refusal.clone()), Write(3, Ok(()))];
        assert_eq!(committed(verbs), (vec![Ok(()), refusal, Ok(())], vec![1, 3]));
    }

    #[test]
    fn a_fault_undoes_the_group_and_is_told_to_all() {
        let fault = Err(StoreError::Full);
        let verbs = vec![Write(1, Ok(())), Write(2, fault.clone()), Write(3, Ok(()))];
        assert_eq!(committed(verbs), (vec![fault.clone(), fault.clone(), fault], vec![]));
    }
}
