//! A few things of many that are open at once, each opened when it is first asked for.
//!
//! Knows nothing of what they are. Whoever asks for one waits for its opening and for that of no other.

use std::collections::{HashMap, VecDeque};
use std::hash::Hash;
use std::sync::{Arc, Mutex, PoisonError};

use tokio::sync::OnceCell;

/// How often in a row the same thing is opened in vain.
const TRIES: u32 = 3;

/// What cannot be opened: how often it was tried in a row, and what was said the last time.
type Failures<K, E> = HashMap<K, (u32, E)>;

/// Open things by name.
pub(super) struct Few<K, T, E> {
    most: usize,
    state: Mutex<State<K, T, E>>,
}

struct State<K, T, E> {
    /// The one that was asked for last comes last.
    open: VecDeque<(K, Arc<OnceCell<Arc<T>>>)>,
    failed: Failures<K, E>,
}

impl<K: Clone + Eq + Hash, T, E: Clone> Few<K, T, E> {
    /// At most so many are kept; one more is opened at the expense of the one that was not asked for the longest.
    pub(super) fn new(most: usize) -> Self {
        Self { most, state: Mutex::new(State { open: VecDeque::new(), failed: HashMap::new() }) }
    }

    /// What is called so; opened by `open` unless it is open.
    ///
    /// # Errors
    /// What `open` said; after three times in a row it is not tried again, and what it said last is repeated.
    pub(super) async fn get(&self, key: &K, open: impl Future<Output = Result<T, E>>) -> Result<Arc<T>, E> {
        let cell = self.cell(key);
        let got = cell
            .get_or_try_init(|| async {
                // Somebody else may have tried in vain meanwhile.
                if let Some(why) = self.given_up(key) {
                    return Err(why);
                }
                let opened = open.await.map(Arc::new);
                let mut state = self.lock();
                match &opened {
                    Ok(_) => drop(state.failed.remove(key)),
                    Err(why) => {
                        let failure = state.failed.entry(key.clone()).or_insert_with(|| (0, why.clone()));
                        *failure = (failure.0 + 1, why.clone());
                    }
                }
                opened
            })
            .await;
        got.map(Arc::clone)
    }

    /// Forgets this one, if it is still what is called so: the next who asks has it opened anew.
    pub(super) fn forget(&self, key: &K, gone: &Arc<T>) {
        let is_gone = |cell: &OnceCell<Arc<T>>| cell.get().is_some_and(|own| Arc::ptr_eq(own, gone));
        self.lock().open.retain(|(own, cell)| own != key || !is_gone(cell));
    }

    fn cell(&self, key: &K) -> Arc<OnceCell<Arc<T>>> {
        let mut state = self.lock();
        let at = state.open.iter().position(|(own, _)| own == key);
        let entry = at.and_then(|at| state.open.remove(at)).unwrap_or_else(|| (key.clone(), Arc::default()));
        while state.open.len() >= self.most {
            state.open.pop_front();
        }
        let cell = Arc::clone(&entry.1);
        state.open.push_back(entry);
        cell
    }

    fn given_up(&self, key: &K) -> Option<E> {
        self.lock().failed.get(key).filter(|(tries, _)| *tries >= TRIES).map(|(_, why)| why.clone())
    }

    fn lock(&self) -> std::sync::MutexGuard<'_, State<K, T, E>> {
        // Nothing panics while it is held.
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::future::{pending, ready};
    use std::sync::atomic::{AtomicU32, Ordering};

    type Words = Few<&'static str, String, u32>;

    fn word(text: &str) -> impl Future<Output = Result<String, u32>> {
        ready(Ok(text.to_owned()))
    }

    #[tokio::test]
    async fn one_that_does_not_open_keeps_nobody_else_waiting() {
        let few = Words::new(2);
        let slow = few.get(&"slow", pending());
        tokio::pin!(slow);
        assert!(futures_util::poll!(slow.as_mut()).is_pending());
        assert_eq!(*few.get(&"other", word("a")).await.unwrap(), "a");
        assert_eq!(*few.get(&"third", word("b")).await.unwrap(), "b");
        assert!(futures_util::poll!(slow.as_mut()).is_pending());
    }

    #[tokio::test]
    async fn what_many_ask_for_is_opened_once() {
        let few = Words::new(2);
        let opened = AtomicU32::new(0);
        let open = || async {
            opened.fetch_add(1, Ordering::Relaxed);
            tokio::task::yield_now().await;
            Ok("a".to_owned())
        };
        let (one, two) = tokio::join!(few.get(&"a", open()), few.get(&"a", open()));
        assert!(Arc::ptr_eq(&one.unwrap(), &two.unwrap()));
        assert_eq!(opened.into_inner(), 1);
    }

    #[tokio::test]
    async fn the_one_not_asked_for_the_longest_goes() {
        let few = Words::new(2);
        for name in ["a", "b", "a", "c"] {
            few.get(&name, word(name)).await.unwrap();
        }
        assert_eq!(*few.get(&"a", ready(Err(1))).await.unwrap(), "a");
        assert_eq!(few.get(&"b", ready(Err(1))).await, Err(1), "it was closed");
    }

    #[tokio::test]
    async fn what_is_gone_is_opened_anew_and_what_came_after_it_stays() {
        let few = Words::new(2);
        let first = few.get(&"a", word("first")).await.unwrap();
        few.forget(&"a", &first);
        let second = few.get(&"a", word("second")).await.unwrap();
        assert_eq!(*second, "second");
        few.forget(&"a", &first);
        assert!(Arc::ptr_eq(&few.get(&"a", ready(Err(1))).await.unwrap(), &second));
    }

    #[tokio::test]
    async fn what_does_not_open_is_not_tried_without_end() {
        let few = Words::new(2);
        let tries = AtomicU32::new(0);
        let open = || async { Err(tries.fetch_add(1, Ordering::Relaxed)) };
        for _ in 0..10 {
            few.get(&"a", open()).await.unwrap_err();
        }
        assert_eq!(few.get(&"a", open()).await, Err(TRIES - 1), "what was said the last time");
        assert_eq!(tries.load(Ordering::Relaxed), TRIES);
        // One that opens at the third try begins anew.
        for opens in [Err(7), Err(7), Ok("b".to_owned())] {
            let _ = few.get(&"b", ready(opens)).await;
        }
        let gone = few.get(&"b", ready(Err(7))).await.unwrap();
        few.forget(&"b", &gone);
        assert_eq!(few.get(&"b", ready(Err(8))).await, Err(8));
        assert!(few.get(&"b", word("again")).await.is_ok());
    }
}
