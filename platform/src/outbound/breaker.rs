//! Whether one channel's line to Meta is good enough to begin calls on. Pure: answers of calls and moments come in,
//! room comes out; nothing waits or calls here.
//!
//! Half of at least ten calls within thirty seconds without an answer of Meta's open the breaker: nothing more is begun.
//! A read asks whether Meta is there again, after a time that doubles from a second to five minutes. When it is, three
//! messages go first; when Meta answers those, all the others follow.

use whatsapp_core::{Env, Span, Timestamp};

/// Calls are looked at for so many seconds.
const WINDOW: i64 = 30;
/// Fewer calls than this say nothing.
const CALLS_MIN: u32 = 10;
/// So many messages go first after Meta was away.
const FIRST: u32 = 3;
/// The first wait, and the longest.
const WAIT: Span = Span::seconds(1);
const LONGEST: Span = Span::minutes(5);
/// The first messages are answered by now, or something took them away before they went out.
const TRY_LIMIT: Span = Span::seconds(60);
/// One in so many calls may be a repetition.
const REPEAT_SHARE: u32 = 10;
/// So many repetitions may be saved up, so that a quiet channel can repeat too.
const REPEATS_MAX: u32 = 20;
/// Meta's own "later" that is shorter than this is the pace's business.
const HOLD_MIN: Span = Span::seconds(5);

/// How a call ended, as far as the line is concerned.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Answer {
    /// Meta answered, whatever it said.
    Heard,
    /// No answer, or one that Meta cannot serve.
    Missing,
    /// Not before this long.
    Later(Span),
}

/// Calls of one second.
#[derive(Clone, Copy, Debug, Default)]
struct Second {
    at: i64,
    heard: u32,
    missing: u32,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum State {
    Closed,
    /// Nothing goes out since a moment; a read may ask from another on.
    Open {
        since: Timestamp,
        until: Timestamp,
    },
    /// So many messages may still go out, and so many were answered, since a moment.
    Trying {
        left: u32,
        heard: u32,
        since: Timestamp,
    },
}

/// The state of one line.
#[derive(Clone, Debug)]
pub(super) struct Breaker {
    seconds: [Second; 30],
    state: State,
    /// How often it opened without a good time in between.
    opened: u32,
    held_until: Timestamp,
    /// Repetitions that may be made, in parts of a call.
    repeats: u32,
}

impl Default for Breaker {
    fn default() -> Self {
        Self {
            seconds: [Second::default(); 30],
            state: State::Closed,
            opened: 0,
            held_until: Timestamp::ZERO,
            repeats: REPEATS_MAX * REPEAT_SHARE,
        }
    }
}

impl Breaker {
    /// How many of `want` calls may be begun now.
    pub(super) fn room(&self, now: Timestamp, want: usize) -> usize {
        if now < self.held_until {
            return 0;
        }
        match self.state {
            State::Closed => want,
            State::Open { .. } => 0,
            State::Trying { left, .. } => want.min(usize::try_from(left).unwrap_or_default()),
        }
    }
    /// Whether Meta does not answer, or did not until now: only a few messages are tried.
    pub(super) fn is_open(&self) -> bool {
        self.state != State::Closed
    }
    /// Whether what was begun ahead of its moment still goes out now that the moment has come.
    pub(super) fn lets_go(&self, now: Timestamp) -> bool {
        now >= self.held_until && !matches!(self.state, State::Open { .. })
    }
    /// So many calls were begun.
    pub(super) fn begun(&mut self, calls: usize) {
        let calls = u32::try_from(calls).unwrap_or(u32::MAX);
        if let State::Trying { left, .. } = &mut self.state {
            *left = left.saturating_sub(calls);
        }
        let most = REPEATS_MAX * REPEAT_SHARE;
        self.repeats = self.repeats.saturating_add(calls).min(most);
    }
    /// A call has ended.
    pub(super) fn ended(&mut self, env: &Env, answer: Answer) {
        let now = env.now();
        if let Answer::Later(after) = answer
            && after >= HOLD_MIN
        {
            self.held_until = self.held_until.max(now + after);
        }
        let missing = answer == Answer::Missing;
        self.count(now, missing);
        match self.state {
            State::Open { .. } => {}
            State::Trying { .. } if missing => self.open(env, None),
            State::Trying { left, heard, since } if heard + 1 < FIRST => {
                self.state = State::Trying { left, heard: heard + 1, since };
            }
            State::Trying { .. } => self.close(),
            State::Closed if missing && self.is_bad(now) => self.open(env, None),
            State::Closed => {
                if self.opened > 0 && self.is_good(now) {
                    self.opened = 0;
                }
            }
        }
    }
    /// Whether Meta should be asked if it is there.
    pub(super) fn wants_probe(&self, now: Timestamp) -> bool {
        // A clock that was set back must not keep the line closed.
        match self.state {
            State::Closed => false,
            State::Open { since, until } => now >= until || now < since,
            State::Trying { left, since, .. } => {
                left == 0 && (now - since > TRY_LIMIT || now < since)
            }
        }
    }
    /// Meta was asked.
    pub(super) fn probed(&mut self, env: &Env, answer: Answer) {
        if self.state == State::Closed {
            return;
        }
        match answer {
            Answer::Heard => {
                self.state = State::Trying { left: FIRST, heard: 0, since: env.now() };
            }
            Answer::Missing => self.open(env, None),
            Answer::Later(after) => self.open(env, Some(after)),
        }
    }
    /// How long a message waits that Meta certainly did not take, at its `tries`th failure: by chance between nothing
    /// and a time that doubles; the longest time where more is repeated than one call in ten.
    pub(super) fn again_after(&mut self, env: &Env, tries: i64) -> Span {
        let Some(left) = self.repeats.checked_sub(REPEAT_SHARE) else {
            let half = LONGEST.as_micros() / 2;
            return Span::micros(half + chance(env, Span::micros(half)).as_micros());
        };
        self.repeats = left;
        jitter(env, tries)
    }

    fn open(&mut self, env: &Env, after: Option<Span>) {
        let wait = jitter(env, i64::from(self.opened)).max(after.unwrap_or(Span::ZERO));
        self.opened = self.opened.saturating_add(1);
        let since = env.now();
        self.state = State::Open { since, until: since + wait };
        tracing::warn!(wait = ?wait.to_std(), "Meta does not answer: nothing is sent over this channel until it does");
    }
    fn close(&mut self) {
        self.state = State::Closed;
        self.seconds = [Second::default(); 30];
        tracing::info!("Meta answers again");
    }
    fn count(&mut self, now: Timestamp, missing: bool) {
        let at = now.seconds();
        let place = usize::try_from(at.rem_euclid(WINDOW)).unwrap_or_default();
        if let Some(second) = self.seconds.get_mut(place) {
            if second.at != at {
                *second = Second { at, ..Second::default() };
            }
            let count = if missing { &mut second.missing } else { &mut second.heard };
            *count = count.saturating_add(1);
        }
    }
    fn counts(&self, now: Timestamp) -> (u32, u32) {
        let recent = |second: &&Second| (0..WINDOW).contains(&(now.seconds() - second.at));
        self.seconds.iter().filter(recent).fold((0, 0), |(heard, missing), second| {
            (heard.saturating_add(second.heard), missing.saturating_add(second.missing))
        })
    }
    fn is_bad(&self, now: Timestamp) -> bool {
        let (heard, missing) = self.counts(now);
        heard.saturating_add(missing) >= CALLS_MIN && missing >= heard
    }
    fn is_good(&self, now: Timestamp) -> bool {
        let (heard, missing) = self.counts(now);
        heard >= CALLS_MIN && missing == 0
    }
}

/// By chance up to a time that doubles with each time before.
fn jitter(env: &Env, before: i64) -> Span {
    let ceiling = WAIT.as_micros() << before.clamp(0, 9);
    chance(env, Span::micros(ceiling.min(LONGEST.as_micros())))
}

fn chance(env: &Env, most: Span) -> Span {
    let most = u64::try_from(most.as_micros()).unwrap_or_default();
    Span::micros(i64::try_from(env.below(most).saturating_add(1)).unwrap_or_default())
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use whatsapp_core::env::{ManualClock, SeededEntropy};

    use super::*;

    fn line() -> (Breaker, Env, Arc<ManualClock>) {
        let clock = Arc::new(ManualClock::at(Timestamp::from_seconds(1_772_442_000)));
        let env = Env::new(Arc::clone(&clock) as _, Arc::new(SeededEntropy::new(7)));
        (Breaker::default(), env, clock)
    }

    fn end(breaker: &mut Breaker, env: &Env, answer: Answer, times: usize) {
        (0..times).for_each(|_| breaker.ended(env, answer));
    }

    #[test]
    fn half_of_ten_calls_without_answer_stop_everything_and_fewer_do_not() {
        let (mut breaker, env, _) = line();
        end(&mut breaker, &env, Answer::Heard, 6);
        end(&mut breaker, &env, Answer::Missing, 5);
        assert_eq!(breaker.room(env.now(), 80), 80);
        breaker.ended(&env, Answer::Missing);
        assert_eq!(breaker.room(env.now(), 80), 0);
        let (mut quiet, env, _) = line();
        end(&mut quiet, &env, Answer::Missing, 9);
        assert_eq!(quiet.room(env.now(), 80), 80, "nine calls say nothing");
    }

    #[test]
    fn what_is_half_a_minute_old_does_not_count() {
        let (mut breaker, env, clock) = line();
        end(&mut breaker, &env, Answer::Missing, 9);
        clock.advance(Span::seconds(31));
        breaker.ended(&env, Answer::Missing);
        assert_eq!(breaker.room(env.now(), 1), 1);
    }

    #[test]
    fn after_a_good_read_three_messages_go_first_and_then_all() {
        let (mut breaker, env, clock) = line();
        end(&mut breaker, &env, Answer::Missing, 10);
        assert!(!breaker.wants_probe(env.now()));
        clock.advance(Span::seconds(1));
        assert!(breaker.wants_probe(env.now()));
        breaker.probed(&env, Answer::Heard);
        assert_eq!(breaker.room(env.now(), 80), 3);
        breaker.begun(3);
        assert_eq!(breaker.room(env.now(), 80), 0);
        end(&mut breaker, &env, Answer::Heard, 3);
        assert_eq!(breaker.room(env.now(), 80), 80);
    }

    #[test]
    fn it_waits_longer_each_time_up_to_five_minutes_and_as_long_as_meta_asks() {
        let (mut breaker, env, clock) = line();
        end(&mut breaker, &env, Answer::Missing, 10);
        for _ in 0..40 {
            clock.advance(LONGEST);
            assert!(breaker.wants_probe(env.now()), "never longer than five minutes");
            breaker.probed(&env, Answer::Missing);
        }
        clock.advance(LONGEST);
        breaker.probed(&env, Answer::Later(Span::minutes(20)));
        clock.advance(Span::minutes(19));
        assert!(!breaker.wants_probe(env.now()));
        clock.advance(Span::minutes(1));
        assert!(breaker.wants_probe(env.now()));
    }

    #[test]
    fn one_failure_among_the_first_messages_stops_everything_again() {
        let (mut breaker, env, clock) = line();
        end(&mut breaker, &env, Answer::Missing, 10);
        clock.advance(Span::seconds(1));
        breaker.probed(&env, Answer::Heard);
        breaker.begun(3);
        end(&mut breaker, &env, Answer::Heard, 2);
        breaker.ended(&env, Answer::Missing);
        assert_eq!(breaker.room(env.now(), 80), 0);
    }

    #[test]
    fn first_messages_that_never_went_out_do_not_keep_the_line_closed() {
        let (mut breaker, env, clock) = line();
        end(&mut breaker, &env, Answer::Missing, 10);
        clock.advance(Span::seconds(1));
        breaker.probed(&env, Answer::Heard);
        breaker.begun(3);
        assert!(!breaker.wants_probe(env.now()));
        clock.advance(Span::seconds(61));
        assert!(breaker.wants_probe(env.now()));
        breaker.probed(&env, Answer::Heard);
        assert_eq!(breaker.room(env.now(), 80), 3);
    }

    #[test]
    fn the_time_that_meta_asks_for_is_kept_for_the_whole_channel() {
        let (mut breaker, env, clock) = line();
        breaker.ended(&env, Answer::Later(Span::seconds(60)));
        clock.advance(Span::seconds(59));
        assert_eq!(breaker.room(env.now(), 80), 0);
        clock.advance(Span::seconds(1));
        assert_eq!(breaker.room(env.now(), 80), 80);
        breaker.ended(&env, Answer::Later(Span::seconds(1)));
        assert_eq!(breaker.room(env.now(), 80), 80, "a second is the pace's business");
    }

    #[test]
    fn no_more_than_one_call_in_ten_is_repeated_soon() {
        let (mut breaker, env, _) = line();
        let soon = |breaker: &mut Breaker| breaker.again_after(&env, 0) <= WAIT;
        assert_eq!((0..100).filter(|_| soon(&mut breaker)).count(), 20, "what was saved up");
        breaker.begun(50);
        assert_eq!((0..100).filter(|_| soon(&mut breaker)).count(), 5);
    }

    #[test]
    fn a_clock_that_was_set_back_does_not_keep_the_line_closed() {
        let (mut breaker, env, clock) = line();
        end(&mut breaker, &env, Answer::Missing, 10);
        clock.advance(Span::hours(-1));
        assert!(breaker.wants_probe(env.now()));
    }
}
