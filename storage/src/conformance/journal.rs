//! The inbound journal.

use whatsapp_core::PageRequest;
use whatsapp_core::event::{JournalEntry, JournalFilter, JournalOutcome, VerifiedBy};

use super::Outcome;
use super::world::{NOW, World, later};
use crate::repo::system::NewCall;
use crate::{StorageError, SystemTx};

/// A call that came so many seconds later than the others.
fn call(world: &World<'_>, seconds: i64) -> NewCall {
    NewCall {
        id: world.env.id_at(later(seconds)),
        hash: world.env.bytes(),
        body: b"{\"object\":\"whatsapp_business_account\"}\x00\xff".to_vec(),
        verified_by: VerifiedBy::Platform,
        received_at: later(seconds),
    }
}

/// How a call is read that was never tried.
fn entry(call: &NewCall) -> JournalEntry {
    JournalEntry {
        id: call.id,
        hash: call.hash,
        body: call.body.clone(),
        verified_by: call.verified_by,
        received_at: call.received_at,
        outcome: JournalOutcome::Pending,
        note: None,
        tries: 0,
        replays: 0,
    }
}

/// Those of a list that are ours: other tests keep calls too.
fn ours(calls: &[NewCall], all: Vec<JournalEntry>) -> Vec<JournalEntry> {
    all.into_iter().filter(|entry| calls.iter().any(|call| call.id == entry.id)).collect()
}

/// What the journal says of calls, the newest first.
async fn listed(
    system: &mut dyn SystemTx,
    calls: &[NewCall],
    outcome: Option<JournalOutcome>,
) -> Result<Vec<JournalEntry>, StorageError> {
    let filter = JournalFilter { outcome, ..JournalFilter::default() };
    let page = system.journal().page(&filter, &PageRequest::first(1000)).await?;
    Ok(ours(calls, page.items))
}

pub(super) async fn a_repetition_falls_away(world: &World<'_>) -> Outcome {
    let (first, mut again, mut other) = (call(world, 0), call(world, 1), call(world, 2));
    again.hash = first.hash;
    other.verified_by = VerifiedBy::Channel(world.env.id());
    let mut system = world.system().await?;
    let new = system.journal().append(&[first.clone(), again.clone(), other.clone()]).await?;
    assert_eq!(new, [true, false, true], "in one batch");
    assert_eq!(system.journal().append(&[again]).await?, [false], "in a later batch");
    assert!(system.journal().append(&[]).await?.is_empty());
    let kept = system.journal().pending(later(100), 1000).await?;
    assert!(
        kept.contains(&entry(&first)) && kept.contains(&entry(&other)),
        "the bytes are kept as they came"
    );
    Ok(())
}

pub(super) async fn any_bytes_are_kept_as_they_came(world: &World<'_>) -> Outcome {
    let bodies: [&[u8]; 4] = [
        "{\"text\": \"ol\u{e1} \\\\ \\u0000 \\ud83d\\udc4b\\n\"}\r\n\t\u{1f}".as_bytes(),
        b"\xff\xfe\x00 no text",
        b"a zero \x00 within",
        b"",
    ];
    let calls = bodies.map(|body| NewCall { body: body.to_vec(), ..call(world, 0) });
    let mut system = world.system().await?;
    system.journal().append(&calls).await?;
    let kept = system.journal().pending(later(100), 1000).await?;
    for call in &calls {
        assert!(kept.contains(&entry(call)), "{:?}", call.body);
    }
    Ok(())
}

pub(super) async fn what_waits_is_oldest_first(world: &World<'_>) -> Outcome {
    let calls = [call(world, 12), call(world, 10), call(world, 11)];
    let mut system = world.system().await?;
    system.journal().append(&calls).await?;
    let kept = ours(&calls, system.journal().pending(later(100), 1000).await?);
    let moments: Vec<_> = kept.iter().map(|entry| entry.received_at).collect();
    assert_eq!(moments, [later(10), later(11), later(12)]);
    assert_eq!(system.journal().pending(later(100), 1).await?.len(), 1);
    let behind = ours(&calls, system.journal().pending(later(-3_600), 1000).await?);
    assert_eq!(behind.len(), 3, "whatever the clock says of who applies them");
    let settled = calls.each_ref().map(|call| (call.id, JournalOutcome::Applied, None));
    system.journal().settle(&settled).await?;
    let kept = ours(&calls, system.journal().pending(later(100), 1000).await?);
    assert!(kept.is_empty(), "what is settled still waits");
    Ok(())
}

pub(super) async fn a_settled_call_stays_as_it_was_settled(world: &World<'_>) -> Outcome {
    use JournalOutcome::{Applied, Duplicate, Pending, Quarantined, Raw};
    let calls = [call(world, 30), call(world, 31), call(world, 32), call(world, 33)];
    let [applied, raw, retried, waiting] = calls.each_ref().map(|call| call.id);
    let mut system = world.system().await?;
    system.journal().append(&calls).await?;
    system.journal().postpone(retried, later(40), "database busy").await?;
    let one = [(applied, Applied, None), (raw, Raw, None), (retried, Applied, None)];
    system.journal().settle(&one).await?;
    system.commit().await?;
    // Another node read the same calls before, stood still, and comes with what it found in them: nothing new.
    let note = || Some("too late".to_owned());
    let late = [(applied, Duplicate, note()), (raw, Applied, None), (retried, Quarantined, note())];
    let mut system = world.system().await?;
    let open = system.journal().hold_open(&[applied, raw, retried, waiting]).await?;
    assert_eq!(open, [waiting], "what is settled was handed out to be applied again");
    system.journal().settle(&late).await?;
    system.journal().postpone(applied, later(50), "too late").await?;
    let told = |entry: JournalEntry| (entry.id, entry.outcome, entry.note, entry.tries);
    let found: Vec<_> =
        listed(&mut *system, &calls, None).await?.into_iter().rev().map(told).collect();
    let kept = [
        (applied, Applied, None, 1),
        (raw, Raw, None, 1),
        (retried, Applied, None, 2),
        (waiting, Pending, None, 0),
    ];
    assert_eq!(found, kept);
    let open = ours(&calls, system.journal().pending(later(100), 1000).await?);
    assert_eq!(open, [entry(&calls[3])], "what is settled is not open again");
    Ok(())
}

pub(super) async fn a_postponed_call_waits(world: &World<'_>) -> Outcome {
    let call = call(world, 0);
    let mut system = world.system().await?;
    system.journal().append(std::slice::from_ref(&call)).await?;
    system.journal().postpone(call.id, later(60), "database busy").await?;
    let early = system.journal().pending(later(59), 1000).await?;
    assert!(early.iter().all(|e| e.id != call.id), "tried again too early");
    let due = system.journal().pending(later(60), 1000).await?;
    let found = due.into_iter().find(|e| e.id == call.id).map(|e| (e.tries, e.note));
    assert_eq!(found, Some((1, Some("database busy".to_owned()))));
    Ok(())
}

pub(super) async fn settled_calls_are_trimmed(world: &World<'_>) -> Outcome {
    let (settled, waiting) = (call(world, -1000), call(world, -1000));
    let mut system = world.system().await?;
    system.journal().append(&[settled.clone(), waiting.clone()]).await?;
    let outcome = (settled.id, JournalOutcome::Unrouted, Some("nobody's number".to_owned()));
    system.journal().settle(&[outcome]).await?;
    assert_eq!(system.journal().trim(later(-999), 0).await?, 0, "no more than was asked for");
    assert!(system.journal().trim(later(-999), 100).await? >= 1);
    let kept = system.journal().pending(NOW, 1000).await?;
    assert!(kept.iter().any(|e| e.id == waiting.id), "a waiting call was trimmed");
    let again = NewCall { id: world.env.id_at(NOW), ..settled };
    assert_eq!(system.journal().append(&[again]).await?, [true], "a trimmed hash is new again");
    Ok(())
}

pub(super) async fn outcomes_are_counted_and_listed(world: &World<'_>) -> Outcome {
    let calls = [call(world, 0), call(world, 1)];
    let mut system = world.system().await?;
    system.journal().append(&calls).await?;
    let quarantined: Vec<_> = calls
        .iter()
        .map(|e| (e.id, JournalOutcome::Quarantined, Some("not understood".to_owned())))
        .collect();
    system.journal().settle(&quarantined).await?;
    let counts = system.journal().counts().await?;
    let found = counts.iter().find(|(outcome, _)| *outcome == JournalOutcome::Quarantined);
    assert_eq!(found.map(|(_, n)| *n), Some(2));
    let only =
        JournalFilter { outcome: Some(JournalOutcome::Quarantined), ..JournalFilter::default() };
    let request = PageRequest::first(1);
    let first = system.journal().page(&only, &request).await?;
    let second = system.journal().page(&only, &request.after(first.next)).await?;
    let mut listed: Vec<_> =
        first.items.iter().chain(&second.items).map(|entry| entry.id).collect();
    let mut ids: Vec<_> = calls.iter().map(|entry| entry.id).collect();
    ids.sort();
    listed.reverse();
    assert_eq!(listed, ids, "newest first");
    assert_eq!(second.next, None);
    assert_eq!(first.items.first().and_then(|e| e.note.as_deref()), Some("not understood"));
    Ok(())
}

pub(super) async fn each_call_is_listed_under_its_one_outcome(world: &World<'_>) -> Outcome {
    let all = JournalOutcome::ALL;
    let calls: Vec<_> = (60..).take(all.len()).map(|seconds| call(world, seconds)).collect();
    let mut system = world.system().await?;
    let counted = system.journal().counts().await?;
    system.journal().append(&calls).await?;
    let outcomes =
        calls.iter().zip(all).filter(|(_, outcome)| **outcome != JournalOutcome::Pending);
    let settled: Vec<_> = outcomes.map(|(call, outcome)| (call.id, *outcome, None)).collect();
    system.journal().settle(&settled).await?;
    let of = |counts: &[(JournalOutcome, i64)], outcome| {
        counts.iter().find(|(word, _)| *word == outcome).map_or(0, |(_, n)| *n)
    };
    let now = system.journal().counts().await?;
    for (call, outcome) in calls.iter().zip(all.iter().copied()) {
        let found = listed(&mut *system, &calls, Some(outcome)).await?;
        let found: Vec<_> = found.iter().map(|entry| (entry.id, entry.outcome)).collect();
        assert_eq!(found, [(call.id, outcome)]);
        assert_eq!(of(&now, outcome), of(&counted, outcome) + 1, "{outcome:?}");
    }
    // Applied again, all of them wait, whatever they came to before.
    let ids: Vec<_> = calls.iter().map(|call| call.id).collect();
    system.journal().replay(&ids, later(0)).await?;
    system.journal().trim(later(100), 1000).await?;
    let open = listed(&mut *system, &calls, Some(JournalOutcome::Pending)).await?;
    assert_eq!(open.len(), calls.len(), "what waits again is not removed");
    for outcome in all.iter().filter(|outcome| **outcome != JournalOutcome::Pending) {
        assert!(listed(&mut *system, &calls, Some(*outcome)).await?.is_empty(), "{outcome:?}");
    }
    let settled: Vec<_> = ids.iter().map(|id| (*id, JournalOutcome::Applied, None)).collect();
    system.journal().settle(&settled).await?;
    let found = listed(&mut *system, &calls, Some(JournalOutcome::Applied)).await?;
    assert!(found.len() == calls.len() && found.iter().all(|entry| entry.note.is_none()));
    Ok(())
}

pub(super) async fn a_settled_call_is_applied_again_when_somebody_asks(
    world: &World<'_>,
) -> Outcome {
    let calls = [call(world, 20), call(world, 21), call(world, 22)];
    let ids: Vec<_> = calls.iter().map(|call| call.id).collect();
    let mut system = world.system().await?;
    system.journal().append(&calls).await?;
    let settled = ids.iter().take(2).map(|id| (*id, JournalOutcome::Unrouted, None));
    system.journal().settle(&settled.collect::<Vec<_>>()).await?;
    assert_eq!(system.journal().replay(&ids, later(60)).await?, 2, "the third waits anyway");
    let waiting =
        |kept: Vec<JournalEntry>| kept.into_iter().filter(|e| ids.contains(&e.id)).collect();
    let early: Vec<JournalEntry> = waiting(system.journal().pending(later(59), 1000).await?);
    assert_eq!(early.len(), 1, "not before its time");
    let now: Vec<JournalEntry> = waiting(system.journal().pending(later(60), 1000).await?);
    let told: Vec<_> = now.iter().map(|entry| (entry.tries, entry.replays)).collect();
    assert_eq!(told, [(0, 1), (0, 1), (0, 0)]);
    let between =
        JournalFilter { from: Some(later(21)), until: Some(later(22)), ..JournalFilter::default() };
    let page = system.journal().page(&between, &PageRequest::first(1000)).await?;
    let found: Vec<_> = page.items.iter().map(|e| e.id).filter(|id| ids.contains(id)).collect();
    assert_eq!(found, [calls[1].id], "from a moment on, and before another");
    Ok(())
}
