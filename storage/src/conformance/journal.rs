//! The inbound journal.

use whatsapp_core::PageRequest;
use whatsapp_core::event::{JournalEntry, JournalFilter, JournalOutcome, VerifiedBy};

use super::Outcome;
use super::world::{NOW, World, later};

fn entry(world: &World<'_>, seconds: i64) -> JournalEntry {
    JournalEntry {
        id: world.env.id(),
        hash: world.env.bytes(),
        body: b"{\"object\":\"whatsapp_business_account\"}\x00\xff".to_vec(),
        verified_by: VerifiedBy::Platform,
        received_at: later(seconds),
        outcome: JournalOutcome::Pending,
        note: None,
        tries: 0,
        replays: 0,
    }
}

pub(super) async fn a_repetition_falls_away(world: &World<'_>) -> Outcome {
    let (first, mut again, mut other) = (entry(world, 0), entry(world, 1), entry(world, 2));
    again.hash = first.hash;
    other.verified_by = VerifiedBy::Channel(world.env.id());
    let mut system = world.system().await?;
    let new = system.journal().append(&[first.clone(), again.clone(), other.clone()]).await?;
    assert_eq!(new, [true, false, true], "in one batch");
    assert_eq!(system.journal().append(&[again]).await?, [false], "in a later batch");
    assert!(system.journal().append(&[]).await?.is_empty());
    let kept = system.journal().pending(later(100), 1000).await?;
    assert!(kept.contains(&first) && kept.contains(&other), "the bytes are kept as they came");
    Ok(())
}

pub(super) async fn any_bytes_are_kept_as_they_came(world: &World<'_>) -> Outcome {
    let bodies: [&[u8]; 4] = [
        "{\"text\": \"ol\u{e1} \\\\ \\u0000 \\ud83d\\udc4b\\n\"}\r\n\t\u{1f}".as_bytes(),
        b"\xff\xfe\x00 no text",
        b"a zero \x00 within",
        b"",
    ];
    let mut entries = Vec::new();
    for body in bodies {
        let mut entry = entry(world, 0);
        entry.body = body.to_vec();
        entries.push(entry);
    }
    let mut system = world.system().await?;
    system.journal().append(&entries).await?;
    let kept = system.journal().pending(later(100), 1000).await?;
    for entry in &entries {
        assert!(kept.contains(entry), "{:?}", entry.body);
    }
    Ok(())
}

pub(super) async fn what_waits_is_oldest_first(world: &World<'_>) -> Outcome {
    let entries = [entry(world, 12), entry(world, 10), entry(world, 11)];
    let mut system = world.system().await?;
    system.journal().append(&entries).await?;
    let wanted = |kept: Vec<JournalEntry>| -> Vec<_> {
        let ours = kept.into_iter().filter(|e| entries.iter().any(|o| o.id == e.id));
        ours.map(|e| e.received_at).collect()
    };
    let kept = system.journal().pending(later(100), 1000).await?;
    assert_eq!(wanted(kept), [later(10), later(11), later(12)]);
    assert_eq!(system.journal().pending(later(100), 1).await?.len(), 1);
    let settled: Vec<_> = entries.iter().map(|e| (e.id, JournalOutcome::Applied, None)).collect();
    system.journal().settle(&settled).await?;
    let kept = system.journal().pending(later(100), 1000).await?;
    assert!(wanted(kept).is_empty(), "what is settled still waits");
    Ok(())
}

pub(super) async fn a_postponed_call_waits(world: &World<'_>) -> Outcome {
    let call = entry(world, 0);
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
    let (settled, waiting) = (entry(world, -1000), entry(world, -1000));
    let mut system = world.system().await?;
    system.journal().append(&[settled.clone(), waiting.clone()]).await?;
    let outcome = (settled.id, JournalOutcome::Unrouted, Some("nobody's number".to_owned()));
    system.journal().settle(&[outcome]).await?;
    assert_eq!(system.journal().trim(later(-999), 0).await?, 0, "no more than was asked for");
    assert!(system.journal().trim(later(-999), 100).await? >= 1);
    let kept = system.journal().pending(NOW, 1000).await?;
    assert!(kept.iter().any(|e| e.id == waiting.id), "a waiting call was trimmed");
    let again = JournalEntry { id: world.env.id(), ..settled };
    assert_eq!(system.journal().append(&[again]).await?, [true], "a trimmed hash is new again");
    Ok(())
}

pub(super) async fn outcomes_are_counted_and_listed(world: &World<'_>) -> Outcome {
    let calls = [entry(world, 0), entry(world, 1)];
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

pub(super) async fn a_settled_call_is_applied_again_when_somebody_asks(
    world: &World<'_>,
) -> Outcome {
    let calls = [entry(world, 20), entry(world, 21), entry(world, 22)];
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
