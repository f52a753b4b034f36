//! Calls that name themselves.

use whatsapp_core::{Span, Timestamp};

use super::Outcome;
use super::world::{NOW, World};
use crate::Mode;
use crate::repo::{Call, Claim};

fn call(world: &World<'_>) -> Call {
    Call {
        key: world.env.uuid().to_string(),
        route: "POST /messages key_1".to_owned(),
        fingerprint: [7; 32],
    }
}

pub(super) async fn a_new_key_is_fresh(world: &World<'_>) -> Outcome {
    let (one, two) = (world.tenant().await?, world.tenant().await?);
    let call = call(world);
    let elsewhere = Call { route: "POST /contacts key_1".to_owned(), ..call.clone() };
    let mut unit = world.write(one).await?;
    assert_eq!(unit.idempotency().claim(&call, NOW).await?, Claim::Fresh);
    assert_eq!(unit.idempotency().claim(&elsewhere, NOW).await?, Claim::Fresh, "another route");
    unit.commit().await?;
    let mut unit = world.write(two).await?;
    assert_eq!(unit.idempotency().claim(&call, NOW).await?, Claim::Fresh, "another tenant");
    Ok(())
}

pub(super) async fn the_same_call_is_answered_again(world: &World<'_>) -> Outcome {
    let tenant = world.tenant().await?;
    let call = call(world);
    let mut unit = world.write(tenant).await?;
    unit.idempotency().claim(&call, NOW).await?;
    unit.idempotency().attach(&call, "msg_1").await?;
    unit.commit().await?;
    let mut unit = world.write(tenant).await?;
    let done = Claim::Done { resource: "msg_1".to_owned(), answer: None };
    assert_eq!(unit.idempotency().claim(&call, NOW).await?, done);
    unit.idempotency().answer(&call, 201, b"{}").await?;
    unit.idempotency().answer(&call, 500, b"later").await?;
    let answer = Some((201, b"{}".to_vec()));
    let done = Claim::Done { resource: "msg_1".to_owned(), answer };
    assert_eq!(unit.idempotency().claim(&call, NOW).await?, done, "the first answer is kept");
    Ok(())
}

pub(super) async fn another_body_is_a_mismatch(world: &World<'_>) -> Outcome {
    let tenant = world.tenant().await?;
    let call = call(world);
    let other = Call { fingerprint: [8; 32], ..call.clone() };
    let mut unit = world.write(tenant).await?;
    unit.idempotency().claim(&call, NOW).await?;
    assert_eq!(unit.idempotency().claim(&other, NOW).await?, Claim::Mismatch);
    Ok(())
}

pub(super) async fn a_key_is_forgotten_after_a_day(world: &World<'_>) -> Outcome {
    let tenant = world.tenant().await?;
    let call = call(world);
    let mut unit = world.write(tenant).await?;
    unit.idempotency().claim(&call, NOW).await?;
    let almost: Timestamp = NOW + Span::hours(24) - Span::seconds(1);
    let early = unit.idempotency().claim(&call, almost).await?;
    assert_ne!(early, Claim::Fresh, "a key was forgotten too early");
    let late = unit.idempotency().claim(&call, NOW + Span::hours(24)).await?;
    assert_eq!(late, Claim::Fresh, "a key was kept too long");
    Ok(())
}

pub(super) async fn a_call_that_failed_leaves_no_key(world: &World<'_>) -> Outcome {
    let tenant = world.tenant().await?;
    let call = call(world);
    let mut unit = world.write(tenant).await?;
    unit.idempotency().claim(&call, NOW).await?;
    drop(unit);
    let mut unit = world.write(tenant).await?;
    assert_eq!(unit.idempotency().claim(&call, NOW).await?, Claim::Fresh);
    Ok(())
}

pub(super) async fn one_of_two_at_once_is_fresh(world: &World<'_>) -> Outcome {
    let tenant = world.tenant().await?;
    let call = call(world);
    let one = || async {
        let mut unit = world.store.tenant(tenant, Mode::Write).await?;
        let claim = unit.idempotency().claim(&call, NOW).await?;
        if claim == Claim::Fresh {
            unit.idempotency().attach(&call, "msg_1").await?;
        }
        unit.commit().await?;
        Ok::<_, crate::StorageError>(claim)
    };
    let (first, second, third) = join3(one(), one(), one()).await;
    let claims = [first?, second?, third?];
    let fresh = claims.iter().filter(|claim| **claim == Claim::Fresh).count();
    assert_eq!(fresh, 1, "a key was fresh for two at once: {claims:?}");
    let waited =
        |claim: &&Claim| matches!(claim, Claim::Done { resource, .. } if resource == "msg_1");
    assert_eq!(claims.iter().filter(waited).count(), 2, "who came second saw what the first made");
    Ok(())
}

/// Runs three at once, on whichever runtime there is.
async fn join3<A: Future, B: Future, C: Future>(
    a: A,
    b: B,
    c: C,
) -> (A::Output, B::Output, C::Output) {
    let (mut a, mut b, mut c) = (Box::pin(a), Box::pin(b), Box::pin(c));
    let (mut x, mut y, mut z) = (None, None, None);
    std::future::poll_fn(move |cx| {
        poll(&mut a, &mut x, cx);
        poll(&mut b, &mut y, cx);
        poll(&mut c, &mut z, cx);
        match (x.take(), y.take(), z.take()) {
            (Some(a), Some(b), Some(c)) => std::task::Poll::Ready((a, b, c)),
            rest => {
                (x, y, z) = rest;
                std::task::Poll::Pending
            }
        }
    })
    .await
}

fn poll<F: Future>(
    future: &mut std::pin::Pin<Box<F>>,
    slot: &mut Option<F::Output>,
    cx: &mut std::task::Context<'_>,
) {
    if slot.is_none()
        && let std::task::Poll::Ready(output) = future.as_mut().poll(cx)
    {
        *slot = Some(output);
    }
}
