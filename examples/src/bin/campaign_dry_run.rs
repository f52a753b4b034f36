//! A campaign to twenty people in a simulated world: what would happen, without anybody getting anything.
#![expect(clippy::print_stdout, reason = "an example shows what it does")]

use std::error::Error;

use whatsapp_core::{Audience, PageRequest, Variables};
use whatsapp_platform::testing::TestPlatform;
use whatsapp_platform::workspace::NewCampaign;

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Box<dyn Error>> {
    let mut world = TestPlatform::start().await;
    let shop = world.tenant("Lumen Bakery").await.workspace;

    let templates = shop.templates().page(Default::default(), PageRequest::default()).await?.items;
    let template = templates.iter().find(|t| t.name == "order_update").ok_or("it is seeded")?;
    let variables = template.variables().into_iter().map(|v| (v.key, "{{name|friend}}".to_owned()));
    let phones =
        (0..20).map(|n| format!("+55119812345{n:02}").parse()).collect::<Result<_, _>>()?;
    let campaign = NewCampaign {
        name: "Autumn boxes".into(),
        template: template.id,
        audience: Audience { phones, ..Audience::default() },
        variables: Variables::from_pairs(variables),
        rate: None,
        rules: whatsapp_core::campaign::CampaignRules::default(),
        scheduled_at: None,
    };
    let id = shop.campaigns().create(campaign, None).await?.campaign.id;
    shop.campaigns().start(id).await?;
    world.settle().await;

    let done = shop.campaigns().find(id).await?.campaign;
    println!(
        "{}: {} delivered of {}",
        done.status.as_str(),
        done.counts.ever_delivered(),
        done.counts.total
    );
    Ok(())
}
