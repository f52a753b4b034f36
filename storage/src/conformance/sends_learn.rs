//! The ledger: what is learnt of attempts.

use whatsapp_core::send::{Attempt, Priority, SendError};
use whatsapp_core::{DeliveryStatus, Id, Send, SendState};

use super::Outcome;
use super::sends::{request, state};
use super::world::{NOW, Shop, World, later};
use crate::repo::{AttemptRef, Learnt, Lesson, Moved};
use crate::{StorageError, TenantTx};

fn status(of: Attempt, status: DeliveryStatus) -> Learnt {
    let error = (status == DeliveryStatus::Failed)
        .then(|| SendError { code: "META_131026".to_owned(), message: "undeliverable".to_owned() });
    let wamid = Some(format!("wamid.{}", of.callback_data()));
    Learnt {
        of: AttemptRef::Attempt(of),
        what: Lesson::Status { status, wamid, error },
        at: later(5),
    }
}

fn refused() -> SendError {
    SendError { code: "META_130429".to_owned(), message: "too fast".to_owned() }
}

/// A line that is `sending`.
async fn sending(
    world: &World<'_>,
    unit: &mut Box<dyn TenantTx>,
    shop: &Shop,
) -> Result<(Id<Send>, Attempt), StorageError> {
    let (line, attempt) = (world.send(shop, Priority::Interactive), world.attempt());
    unit.sends().insert(std::slice::from_ref(&line)).await?;
    let begun = unit.sends().begin(1, &[(line.id, attempt)], NOW).await?;
    assert_eq!(begun, vec![line.id]);
    Ok((line.id, attempt))
}

async fn learn(
    unit: &mut Box<dyn TenantTx>,
    shop: &Shop,
    learnt: &[Learnt],
) -> Result<Vec<Moved>, StorageError> {
    unit.sends().learn(shop.channel.id, learnt, later(6)).await
}

pub(super) async fn what_is_learnt_is_monotone(world: &World<'_>) -> Outcome {
    let shop = world.shop().await?;
    let mut unit = world.write(shop.tenant).await?;
    let (id, attempt) = sending(world, &mut unit, &shop).await?;
    let moved = learn(&mut unit, &shop, &[status(attempt, DeliveryStatus::Delivered)]).await?;
    let steps: Vec<_> = moved.iter().map(|m| (m.id, m.from, m.to, m.contact)).collect();
    assert_eq!(steps, vec![(id, SendState::Sending, SendState::Delivered, shop.contact.id)]);
    for earlier in [DeliveryStatus::Accepted, DeliveryStatus::Sent, DeliveryStatus::Delivered] {
        let moved = learn(&mut unit, &shop, &[status(attempt, earlier)]).await?;
        assert!(moved.is_empty(), "{earlier:?} moved a delivered line");
    }
    let line = unit.sends().many(&[id]).await?.pop();
    let line = line.ok_or_else(|| StorageError::corrupt("send"))?;
    assert_eq!((line.state, line.updated_at), (SendState::Delivered, later(6)));
    let told = format!("wamid.{}", attempt.callback_data());
    assert_eq!(line.wamid, Some(told), "Meta's id is kept");
    assert_eq!(line.timeline.last(), Some(&(SendState::Delivered, later(5))));
    Ok(())
}

pub(super) async fn every_order_of_lessons_ends_alike(world: &World<'_>) -> Outcome {
    use DeliveryStatus as D;
    let shop = world.shop().await?;
    let mut unit = world.write(shop.tenant).await?;
    let orders = [
        [D::Accepted, D::Sent, D::Delivered, D::Read],
        [D::Read, D::Delivered, D::Sent, D::Accepted],
        [D::Sent, D::Read, D::Accepted, D::Delivered],
    ];
    for order in orders {
        let (id, attempt) = sending(world, &mut unit, &shop).await?;
        for step in order {
            // Twice each, as webhooks come.
            for _ in 0..2 {
                learn(&mut unit, &shop, &[status(attempt, step)]).await?;
            }
        }
        assert_eq!(state(&mut unit, id).await?, SendState::Read, "{order:?}");
    }
    Ok(())
}

pub(super) async fn delivered_overrides_failed(world: &World<'_>) -> Outcome {
    let shop = world.shop().await?;
    let mut unit = world.write(shop.tenant).await?;
    let (id, attempt) = sending(world, &mut unit, &shop).await?;
    learn(&mut unit, &shop, &[status(attempt, DeliveryStatus::Failed)]).await?;
    let failed = unit.sends().many(&[id]).await?.pop();
    let code = failed.and_then(|line| line.error).map(|error| error.code);
    assert_eq!(code.as_deref(), Some("META_131026"), "the cause is kept");
    learn(&mut unit, &shop, &[status(attempt, DeliveryStatus::Delivered)]).await?;
    let line = unit.sends().many(&[id]).await?.pop();
    let seen = line.map(|line| (line.state, line.error));
    assert_eq!(seen, Some((SendState::Delivered, None)), "what arrived has no cause of failure");
    Ok(())
}

pub(super) async fn a_lesson_is_found_by_wamid(world: &World<'_>) -> Outcome {
    let shop = world.shop().await?;
    let mut unit = world.write(shop.tenant).await?;
    let (id, attempt) = sending(world, &mut unit, &shop).await?;
    let accepted = status(attempt, DeliveryStatus::Accepted);
    let by_wamid = Learnt {
        of: AttemptRef::Wamid(format!("wamid.{}", attempt.callback_data())),
        what: Lesson::Status { status: DeliveryStatus::Sent, wamid: None, error: None },
        at: NOW,
    };
    let unknown = Learnt { of: AttemptRef::Wamid("wamid.unknown".to_owned()), ..by_wamid.clone() };
    assert!(learn(&mut unit, &shop, std::slice::from_ref(&by_wamid)).await?.is_empty());
    assert!(learn(&mut unit, &shop, &[unknown]).await?.is_empty());
    // In one batch the first lesson makes the second one findable.
    let moved = learn(&mut unit, &shop, &[accepted, by_wamid]).await?;
    let steps: Vec<_> = moved.iter().map(|m| (m.id, m.from, m.to)).collect();
    assert_eq!(steps, vec![(id, SendState::Sending, SendState::Sent)]);
    Ok(())
}

pub(super) async fn a_lesson_of_another_channel_changes_nothing(world: &World<'_>) -> Outcome {
    let shop = world.shop().await?;
    let mut unit = world.write(shop.tenant).await?;
    let (id, attempt) = sending(world, &mut unit, &shop).await?;
    let lesson = [status(attempt, DeliveryStatus::Read)];
    let moved = unit.sends().learn(world.env.id(), &lesson, NOW).await?;
    assert!(moved.is_empty(), "a status of another channel was applied");
    assert_eq!(state(&mut unit, id).await?, SendState::Sending);
    Ok(())
}

pub(super) async fn an_old_attempt_changes_nothing(world: &World<'_>) -> Outcome {
    let shop = world.shop().await?;
    let mut unit = world.write(shop.tenant).await?;
    let (id, old) = sending(world, &mut unit, &shop).await?;
    let what = Lesson::NotAccepted { not_before: NOW, error: refused() };
    learn(&mut unit, &shop, &[Learnt { of: AttemptRef::Attempt(old), what, at: NOW }]).await?;
    unit.sends().begin(1, &[(id, world.attempt())], NOW).await?;
    let moved = learn(&mut unit, &shop, &[status(old, DeliveryStatus::Failed)]).await?;
    assert!(moved.is_empty(), "an old attempt's failure was applied to the new one");
    let line = unit.sends().many(&[id]).await?.pop();
    assert_eq!(line.map(|line| (line.state, line.attempts)), Some((SendState::Sending, 2)));
    Ok(())
}

pub(super) async fn proof_of_non_acceptance_requeues_only_what_is_sending(
    world: &World<'_>,
) -> Outcome {
    let shop = world.shop().await?;
    let mut unit = world.write(shop.tenant).await?;
    let (id, attempt) = sending(world, &mut unit, &shop).await?;
    let what = Lesson::NotAccepted { not_before: later(60), error: refused() };
    let lesson = Learnt { of: AttemptRef::Attempt(attempt), what, at: NOW };
    let moved = learn(&mut unit, &shop, std::slice::from_ref(&lesson)).await?;
    let steps: Vec<_> = moved.iter().map(|m| (m.from, m.to)).collect();
    assert_eq!(steps, vec![(SendState::Sending, SendState::Queued)]);
    let line = unit.sends().many(&[id]).await?.pop();
    let seen = line.map(|line| (line.attempt, line.not_before, line.attempts));
    assert_eq!(seen, Some((None, later(60), 1)), "it waits, without its attempt");
    let (other, attempt) = sending(world, &mut unit, &shop).await?;
    learn(&mut unit, &shop, &[status(attempt, DeliveryStatus::Sent)]).await?;
    let lesson = Learnt { of: AttemptRef::Attempt(attempt), ..lesson };
    let moved = learn(&mut unit, &shop, &[lesson]).await?;
    assert!(moved.is_empty(), "what was sent went back into the queue");
    assert_eq!(state(&mut unit, other).await?, SendState::Sent);
    Ok(())
}

pub(super) async fn doubt_concerns_only_what_is_sending(world: &World<'_>) -> Outcome {
    let shop = world.shop().await?;
    let mut unit = world.write(shop.tenant).await?;
    let (id, attempt) = sending(world, &mut unit, &shop).await?;
    let doubt = Learnt { of: AttemptRef::Attempt(attempt), what: Lesson::Doubtful, at: NOW };
    learn(&mut unit, &shop, std::slice::from_ref(&doubt)).await?;
    assert_eq!(state(&mut unit, id).await?, SendState::Ambiguous);
    assert!(learn(&mut unit, &shop, std::slice::from_ref(&doubt)).await?.is_empty());
    learn(&mut unit, &shop, &[status(attempt, DeliveryStatus::Accepted)]).await?;
    assert!(learn(&mut unit, &shop, &[doubt]).await?.is_empty(), "doubt took knowledge away");
    assert_eq!(state(&mut unit, id).await?, SendState::Accepted);
    Ok(())
}

pub(super) async fn a_late_status_overrides_unconfirmed(world: &World<'_>) -> Outcome {
    let shop = world.shop().await?;
    let mut unit = world.write(shop.tenant).await?;
    let (id, attempt) = sending(world, &mut unit, &shop).await?;
    unit.sends().recover(shop.channel.id, 2, later(1)).await?;
    unit.sends().give_up(shop.channel.id, later(100), later(100), later(100)).await?;
    assert_eq!(state(&mut unit, id).await?, SendState::Unconfirmed);
    learn(&mut unit, &shop, &[status(attempt, DeliveryStatus::Sent)]).await?;
    assert_eq!(state(&mut unit, id).await?, SendState::Sent);
    Ok(())
}

pub(super) async fn many_lessons_in_one_batch(world: &World<'_>) -> Outcome {
    let shop = world.shop().await?;
    let mut unit = world.write(shop.tenant).await?;
    let lines: Vec<_> = (0..300).map(|_| world.send(&shop, Priority::Interactive)).collect();
    unit.sends().insert(&lines).await?;
    assert_eq!(unit.sends().claim(&request(&shop, 1000)).await?.len(), 300);
    let attempts: Vec<_> = lines.iter().map(|line| (line.id, world.attempt())).collect();
    assert_eq!(unit.sends().begin(1, &attempts, NOW).await?.len(), 300);
    let learnt: Vec<_> = attempts
        .iter()
        .flat_map(|(_, attempt)| {
            [status(*attempt, DeliveryStatus::Delivered), status(*attempt, DeliveryStatus::Sent)]
        })
        .collect();
    let moved = learn(&mut unit, &shop, &learnt).await?;
    assert_eq!(moved.len(), 300, "each line is reported once");
    assert!(moved.iter().all(|m| (m.from, m.to) == (SendState::Sending, SendState::Delivered)));
    Ok(())
}
