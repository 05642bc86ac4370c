//! Ending from outside what a store runs.

use std::fmt;
use std::sync::Arc;

use rusqlite::{Connection, InterruptHandle};

/// Ends what one store runs, from any thread, as often as wanted, also when the store is closed.
///
/// The statement fails with [`Kind::Interrupted`](crate::error::Kind::Interrupted); what was read or written in its
/// transaction is given up, and the store can be used as before. Where nothing runs, nothing happens: an interrupt that
/// comes too early is not kept for what runs next.
#[derive(Clone)]
pub struct Interrupter(Arc<InterruptHandle>);

impl Interrupter {
    pub(super) fn of(connection: &Connection) -> Interrupter {
        Interrupter(Arc::new(connection.get_interrupt_handle()))
    }

    /// Ends what the store runs at this moment.
    pub fn interrupt(&self) {
        self.0.interrupt();
    }
}

impl fmt::Debug for Interrupter {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Interrupter")
    }
}

#[cfg(test)]
mod tests {
    use std::sync::atomic::{AtomicBool, Ordering};
    use std::thread;

    use crate::error::Kind;
    use crate::ops::tests::Base;
    use crate::store::{Durability, ReadTx, Store};

    const ENDLESS: &str =
        "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) SELECT count(*) FROM n";
    const LONG: &str = "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 999) SELECT count(*) FROM n";

    fn count(tx: &ReadTx<'_>, sql: &str) -> crate::Result<Option<i64>> {
        tx.one(sql, [], |row| row.get(0))
    }

    /// Does `work` while another thread interrupts the store without a pause, from when `work` calls what it is given.
    fn harried<T>(base: &mut Base, work: impl FnOnce(&mut Base, &dyn Fn()) -> T) -> T {
        let interrupter = base.store.interrupter();
        let (begun, done) = (AtomicBool::new(false), AtomicBool::new(false));
        thread::scope(|scope| {
            scope.spawn(|| {
                while !done.load(Ordering::Relaxed) {
                    if begun.load(Ordering::Relaxed) {
                        interrupter.clone().interrupt();
                    }
                    thread::yield_now();
                }
            });
            let value = work(base, &|| begun.store(true, Ordering::Relaxed));
            done.store(true, Ordering::Relaxed);
            value
        })
    }

    #[test]
    fn what_never_ends_is_ended_and_the_store_goes_on() {
        let mut base = Base::new();
        let ended = harried(&mut base, |base, begin| {
            base.store.read(&base.caller, |tx| {
                begin();
                count(tx, ENDLESS)
            })
        });
        assert_eq!(ended.expect_err("it never ends").kind(), Kind::Interrupted);
        assert_eq!(base.read(|tx| count(tx, LONG)), Some(999));
    }

    #[test]
    fn an_interrupt_at_any_moment_leaves_a_store_that_works() {
        let mut base = Base::new();
        harried(&mut base, |base, begin| {
            begin();
            for _ in 0..2_000 {
                match base.store.read(&base.caller, |tx| count(tx, LONG)) {
                    Ok(counted) => assert_eq!(counted, Some(999)),
                    Err(error) => assert_eq!(error.kind(), Kind::Interrupted, "{error}"),
                }
            }
        });
        assert_eq!(base.read(|tx| count(tx, LONG)), Some(999));
    }

    #[test]
    fn an_interrupted_write_is_rolled_back() {
        let mut base = Base::new();
        let before = base.image();
        let ended = harried(&mut base, |base, begin| {
            base.try_write(|tx| {
                tx.connection().execute_batch("UPDATE user SET name = 'Nobody'")?;
                begin();
                count(tx, ENDLESS)
            })
        });
        assert_eq!(ended.expect_err("it never ends").kind(), Kind::Interrupted);
        assert_eq!(base.image(), before);
        base.check();
    }

    #[test]
    fn readers_in_other_threads_see_what_is_written_and_write_nothing() {
        fn is_send<T: Send>(value: T) -> T {
            value
        }
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("base.db");
        let base = Base::new();
        let name = |tx: &ReadTx<'_>| tx.one("SELECT name FROM user", [], |row| row.get::<_, String>(0));
        let founding = |tx: &crate::store::WriteTx<'_>| {
            tx.connection().execute_batch(
                "INSERT INTO user (id, name, name_key, created_at, created_by, updated_at, updated_by)
                 VALUES (1, 'self', 'self', 0, 1, 0, 1)",
            )?;
            Ok(())
        };
        Store::create(&path, &base.caller, founding).unwrap();
        let mut writer = Store::open(&path, Durability::default(), 0).unwrap();
        let readers = [(); 3].map(|()| is_send(Store::look(&path).unwrap()));
        let versions = readers.each_ref().map(|reader| reader.data_version().unwrap());
        let rename = |tx: &crate::store::WriteTx<'_>| {
            Ok(tx.connection().execute_batch("UPDATE user SET name = 'other'")?)
        };
        writer.write(&base.caller, rename).unwrap();
        thread::scope(|scope| {
            for (mut reader, version) in readers.into_iter().zip(versions) {
                let caller = &base.caller;
                scope.spawn(move || {
                    assert_ne!(reader.data_version().unwrap(), version);
                    assert_eq!(reader.read(caller, name).unwrap().as_deref(), Some("other"));
                    let refused = reader.write(caller, rename).expect_err("a reader writes nothing");
                    assert_eq!(refused.kind(), Kind::ReadOnly);
                });
            }
        });
    }
}
