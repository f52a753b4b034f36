//! Makes the log shorter: what is older than anything can still ask for goes, and one line says how much went, so
//! that all that is left means the same as before.

use std::collections::BTreeSet;
use std::io::{self, BufRead, Write};
use std::ops::Range;

use whatsapp_core::{Span, Timestamp};

use super::compact::Gone;
use super::fact::Fact;
use super::world::World;

/// Messages live thirty days at Meta, prices count by the month, and figures of templates are asked for of ninety
/// days and the one that has begun. Meta keeps the figures of an account for a year: here they reach no further back.
const KEPT: Span = Span::days(92);
/// So old is the first line of a log that is worth going through.
const WORTH: Span = Span::days(93);

/// What is written anew: the lines that stay, and what goes with those that do not.
#[derive(Debug, Default)]
pub(super) struct Shortened {
    /// Files that no fact names any more.
    pub(super) files: Vec<String>,
    /// How many facts went.
    pub(super) facts: u64,
}

/// Whether a log that begins at this moment is worth going through.
pub(super) fn is_worth(first: Option<Timestamp>, now: Timestamp) -> bool {
    first.is_some_and(|first| now - first > WORTH)
}

/// When a fact happened, if that matters for how long it is kept.
pub(super) const fn moment(fact: &Fact) -> Option<Timestamp> {
    match fact {
        Fact::Sent { at, .. }
        | Fact::Wrote { at, .. }
        | Fact::Opened { at, .. }
        | Fact::Seen { at, .. }
        | Fact::Called { at, .. }
        | Fact::Echoed { at, .. } => Some(*at),
        Fact::Uploaded(file) => Some(file.at),
        _ => None,
    }
}

/// Goes through a log's facts and writes those that are still needed. `end` is the world at the log's end.
pub(super) struct Shortener<'a, W> {
    end: &'a World,
    before: Timestamp,
    /// Replayed along, to know which items a fact made.
    world: World,
    /// The items of facts that went.
    gone_items: BTreeSet<u64>,
    gone: Gone,
    out: W,
    made: Shortened,
    plans: u64,
}

impl<'a, W: Write> Shortener<'a, W> {
    /// `plans` is how many fault plans the log has: the rolls of the last one stay.
    pub(super) fn new(end: &'a World, now: Timestamp, plans: u64, out: W) -> Self {
        Self {
            end,
            before: now - KEPT,
            world: World::new(end.seed),
            gone_items: BTreeSet::new(),
            gone: Gone::default(),
            out,
            made: Shortened::default(),
            plans,
        }
    }
    pub(super) fn all(mut self, lines: impl BufRead) -> io::Result<Shortened> {
        for line in lines.split(b'\n') {
            let fact: Fact = serde_json::from_slice(&line?)?;
            self.one(fact)?;
        }
        self.flush()?;
        self.out.flush()?;
        Ok(self.made)
    }
    fn one(&mut self, fact: Fact) -> io::Result<()> {
        let first = self.world.hooks.next;
        self.world.apply(fact.clone());
        let items = first..self.world.hooks.next;
        self.plans = self.plans.saturating_sub(u64::from(matches!(fact, Fact::Planned { .. })));
        let fact = match fact {
            Fact::Gone { gone } => {
                self.gone_items.extend(items.clone());
                self.merge(&gone);
                return Ok(());
            }
            Fact::Told { items } => Fact::Told { items: self.left(items) },
            Fact::Untold { items, at } => Fact::Untold { items: self.left(items), at },
            other => other,
        };
        if self.goes(&fact, &items) {
            self.drop_fact(fact, items);
            return Ok(());
        }
        self.flush()?;
        self.write(&fact)
    }
    /// The items whose facts stay.
    fn left(&self, items: Vec<u64>) -> Vec<u64> {
        items.into_iter().filter(|id| !self.gone_items.contains(id)).collect()
    }
    fn goes(&self, fact: &Fact, items: &Range<u64>) -> bool {
        match fact {
            Fact::Told { items } | Fact::Untold { items, .. } => items.is_empty(),
            Fact::Rolled { .. } => self.plans > 0,
            Fact::Called { at, .. } => *at < self.before,
            Fact::Uploaded(file) => file.at < self.before,
            Fact::Deleted { id } => !self.end.files.contains_key(id),
            other => {
                let old = moment(other).is_some_and(|at| at < self.before);
                let waits =
                    matches!(other, Fact::Sent { terms: Some(terms), .. } if terms.waits.is_some());
                old && !waits && !self.end.hooks.owes(items.clone())
            }
        }
    }
    fn drop_fact(&mut self, fact: Fact, items: Range<u64>) {
        self.gone.facts += 1;
        self.gone.items += items.end - items.start;
        self.made.facts += 1;
        self.gone_items.extend(items);
        match fact {
            Fact::Sent { to, number, .. } => {
                self.gone.sends += 1;
                self.gone.meet(&to, None, [number]);
            }
            Fact::Wrote { from, number, name, .. } => self.gone.meet(&from, name, [number]),
            Fact::Echoed { to, .. } => self.gone.meet(&to, None, []),
            Fact::Rolled { .. } => self.gone.rolls += 1,
            Fact::Uploaded(file) => self.made.files.push(file.id),
            _ => {}
        }
    }
    fn merge(&mut self, more: &Gone) {
        self.gone.facts += more.facts;
        self.gone.items += more.items;
        self.gone.sends += more.sends;
        self.gone.rolls += more.rolls;
        for (who, met) in &more.people {
            self.gone.meet(who, met.name.clone(), met.by.iter().cloned());
        }
    }
    fn flush(&mut self) -> io::Result<()> {
        if self.gone.is_nothing() {
            return Ok(());
        }
        let gone = std::mem::take(&mut self.gone);
        self.write(&Fact::Gone { gone: Box::new(gone) })
    }
    fn write(&mut self, fact: &Fact) -> io::Result<()> {
        serde_json::to_writer(&mut self.out, fact)?;
        self.out.write_all(b"\n")
    }
}
