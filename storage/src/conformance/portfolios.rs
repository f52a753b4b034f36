//! Whom a portfolio wrote to first, counted for all its numbers.

use whatsapp_core::{Id, Send};

use super::Outcome;
use super::world::{NOW, World, later};

const WHO: &str = "business-7";

fn person(world: &World<'_>, n: u32) -> (String, Id<Send>) {
    (format!("+551190000000{n}"), world.env.id())
}

pub(super) async fn a_person_counts_once_and_for_a_day(world: &World<'_>) -> Outcome {
    let tenant = world.tenant().await?;
    let mut unit = world.write(tenant).await?;
    assert_eq!(unit.portfolios().hold(WHO).await?, None);
    assert_eq!(unit.portfolios().recount(WHO, NOW, NOW).await?, None);
    unit.portfolios().know(WHO, Some(250)).await?;
    let (day, people) = (later(-86_400), [person(world, 1), person(world, 2)]);
    unit.portfolios().reach(WHO, &people, day, NOW).await?;
    unit.portfolios().reach(WHO, &[person(world, 1)], later(-86_390), later(10)).await?;
    let held = unit.portfolios().hold(WHO).await?;
    assert_eq!(held.map(|p| (p.limit, p.used, p.oldest_at)), Some((Some(250), 2, Some(NOW))));
    // A day after the second person's message, and less than that after the first one's second.
    let after = unit.portfolios().recount(WHO, NOW, later(86_400)).await?;
    let told = after.map(|p| (p.used, p.oldest_at, p.counted_at));
    assert_eq!(told, Some((1, Some(later(10)), later(86_400))));
    unit.portfolios().reach(WHO, &[person(world, 2)], NOW, later(86_400)).await?;
    assert_eq!(unit.portfolios().find(WHO).await?.map(|p| p.used), Some(2), "counts again");
    Ok(())
}

pub(super) async fn a_failed_line_gives_its_place_back(world: &World<'_>) -> Outcome {
    let tenant = world.tenant().await?;
    let mut unit = world.write(tenant).await?;
    unit.portfolios().know(WHO, Some(250)).await?;
    let (day, one, two) = (later(-86_400), person(world, 1), person(world, 2));
    unit.portfolios().reach(WHO, &[one.clone(), two.clone()], day, NOW).await?;
    let again = person(world, 2);
    unit.portfolios().reach(WHO, std::slice::from_ref(&again), day, later(1)).await?;
    unit.portfolios().give_back(&[one.1, two.1, again.1, world.env.id()]).await?;
    let kept = unit.portfolios().find(WHO).await?;
    assert_eq!(kept.map(|p| p.used), Some(2), "counted anew only when everybody is");
    let counted = unit.portfolios().recount(WHO, day, later(2)).await?;
    assert_eq!(counted.map(|p| p.used), Some(1), "who was written to before counts all the same");
    unit.portfolios().give_back(&[]).await?;
    Ok(())
}

pub(super) async fn the_oldest_are_found_by_their_place(world: &World<'_>) -> Outcome {
    let tenant = world.tenant().await?;
    let (mut unit, day) = (world.write(tenant).await?, later(-86_400));
    unit.portfolios().know(WHO, None).await?;
    for n in 1..=3_u32 {
        unit.portfolios().reach(WHO, &[person(world, n)], day, later(i64::from(n))).await?;
    }
    assert_eq!(unit.portfolios().nth_oldest(WHO, 1, day).await?, Some(later(1)));
    assert_eq!(unit.portfolios().nth_oldest(WHO, 3, day).await?, Some(later(3)));
    assert_eq!(unit.portfolios().nth_oldest(WHO, 4, day).await?, None);
    assert_eq!(unit.portfolios().nth_oldest(WHO, 1, later(2)).await?, Some(later(3)));
    Ok(())
}

pub(super) async fn a_changed_limit_is_seen_on_every_number(world: &World<'_>) -> Outcome {
    let shop = world.shop().await?;
    let mut other = world.channel();
    other.portfolio.clone_from(&shop.channel.portfolio);
    let mut unit = world.write(shop.tenant).await?;
    assert!(unit.channels().insert(&other).await?);
    for limit in [Some(2_000), Some(100_000), None] {
        unit.portfolios().know(&other.portfolio, limit).await?;
        for channel in unit.channels().list().await? {
            assert_eq!(channel.messaging_limit, limit);
        }
    }
    Ok(())
}
