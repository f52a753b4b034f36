//! What people do in a story: customers write, agents answer, a campaign is started, paused, resumed, cancelled.

use std::sync::{Arc, Mutex, PoisonError};

use whatsapp_core::campaign::CampaignRules;
use whatsapp_core::template::Category;
use whatsapp_core::{
    Audience, Campaign, Content, Conversation, Env, Id, PageRequest, Template, Tenant, Variables,
};
use whatsapp_platform::workspace::{NewCampaign, NewChannel};
use whatsapp_platform::{Call, Error, Workspace};
use whatsapp_storage::{Mode, Store};

use crate::node::{Common, Done, Node};

/// A business with its number.
#[derive(Clone, Copy)]
pub(crate) struct Shop {
    pub(crate) tenant: Id<Tenant>,
    pub(crate) campaign: Id<Campaign>,
}

/// What became of what people asked for.
#[derive(Clone, Default)]
pub(crate) struct Book {
    /// Replies for which nobody has an answer yet.
    pub(crate) open: Vec<Reply>,
    /// Replies that were taken.
    pub(crate) taken: Vec<Reply>,
    /// Replies that were refused.
    pub(crate) refused: Vec<Reply>,
}

pub(crate) type SharedBook = Arc<Mutex<Book>>;

/// An agent's answer; its text is its own.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Reply {
    pub(crate) text: String,
    pub(crate) conversation: Id<Conversation>,
}

impl Shop {
    /// A business, a connected number, its templates, and the draft of a campaign.
    pub(crate) async fn open(
        node: Node,
        common: &Common,
        (people, rules): (usize, Ladder),
    ) -> (Node, Self) {
        let platform = node.platform.clone();
        let tenant = platform.create_tenant("Casa Aurora", "America/Sao_Paulo").await;
        let tenant = tenant.expect("a business is made").id;
        let workspace = platform.system_workspace(tenant);
        let access = common.meta.access(0).expect("Meta has a number");
        let channel = NewChannel {
            name: None,
            waba_id: access.waba_id,
            phone_number_id: access.phone_number_id,
            access_token: access.token,
            app_secret: None,
        };
        workspace.channels().connect(channel).await.expect("a number is connected");
        let mut node = node;
        for _ in 0..2 {
            match node.work(None).go().await {
                crate::node::Ended::Done(same, done) => {
                    done.expect("a healthy node works");
                    node = *same;
                }
                _ => panic!("nothing strikes a healthy node"),
            }
        }
        let campaign = draft(&workspace, people, rules).await;
        (node, Self { tenant, campaign })
    }
    /// How many people the business may write to first in a day, as Meta told.
    pub(crate) async fn may_reach(self, store: &dyn Store, limit: Option<u32>) {
        let mut tx = store.tenant(self.tenant, Mode::Write).await.expect("a unit opens");
        let channels = tx.channels().list().await.expect("reads");
        let channel = channels.first().expect("there is a number");
        tx.portfolios().know(&channel.portfolio, limit).await.expect("writes");
        tx.commit().await.expect("commits");
    }
    /// An agent answers; asked again with the same key when nobody knows what became of it.
    pub(crate) async fn reply(self, node: Node, reply: Reply, book: SharedBook) -> (Node, Done) {
        let call =
            Call { key: reply.text.clone(), route: "POST /messages".into(), fingerprint: [1; 32] };
        let workspace = node.platform.system_workspace(self.tenant);
        let content = Content::text(reply.text.as_str());
        let sent = workspace.messages().send(reply.conversation, content, None, Some(&call)).await;
        let mut book = book.lock().unwrap_or_else(PoisonError::into_inner);
        let line = match sent {
            Ok(_) => {
                book.open.retain(|open| *open != reply);
                let line = format!("{} is taken", reply.text);
                book.taken.push(reply);
                line
            }
            Err(error @ (Error::Storage(_) | Error::Unavailable(_))) => {
                format!("a reply is asked for again: {error}")
            }
            Err(error) => {
                book.open.retain(|open| *open != reply);
                let line = format!("{} is refused: {error}", reply.text);
                book.refused.push(reply);
                line
            }
        };
        drop(book);
        (node, Ok(vec![line]))
    }
    /// Somebody works at the campaign.
    pub(crate) async fn manage(self, node: Node, how: &'static str) -> (Node, Done) {
        let workspace = node.platform.system_workspace(self.tenant);
        let campaigns = workspace.campaigns();
        let done = match how {
            "started" => campaigns.start(self.campaign).await,
            "paused" => campaigns.pause(self.campaign).await,
            "resumed" => campaigns.resume(self.campaign).await,
            _ => campaigns.cancel(self.campaign).await,
        };
        let line = match done {
            Ok(_) => format!("campaign {how}"),
            Err(error) => format!("campaign not {how}: {error}"),
        };
        (node, Ok(vec![line]))
    }
}

/// Which ways a story's campaign may go, as the story draws them.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Ladder {
    pub(crate) waits: u8,
    pub(crate) other: bool,
    pub(crate) fallback: bool,
}

impl Ladder {
    pub(crate) fn draw(chance: &Env) -> Self {
        Self {
            waits: chance.pick(&[0, 0, 1, 2]).copied().unwrap_or_default(),
            other: chance.below(2) == 0,
            fallback: chance.below(2) == 0,
        }
    }
    /// Whether anybody is sent to again.
    pub(crate) const fn climbs(self) -> bool {
        self.waits > 0 || self.other || self.fallback
    }
}

async fn draft(workspace: &Workspace, people: usize, ladder: Ladder) -> Id<Campaign> {
    let templates = workspace.templates();
    let templates = templates.page(Default::default(), PageRequest::default()).await;
    let templates = templates.expect("reads").items;
    let simple =
        |t: &&Template| t.may_send().is_ok() && t.variables().iter().all(|v| v.component == "body");
    let marketing = |t: &&Template| simple(t) && t.category == Category::Marketing;
    let any = templates.iter().find(simple).expect("one template is simple");
    let usual = templates.iter().find(marketing);
    let template = usual.filter(|_| ladder.other || ladder.fallback).unwrap_or(any);
    let fallback = templates.iter().find(|t| t.stands_in_for(template).is_ok());
    let rules = CampaignRules {
        hold_back_tries: ladder.waits,
        marketing_messages: ladder.other,
        fallback_template: fallback.filter(|_| ladder.fallback).map(|t| t.id),
        ..CampaignRules::default()
    };
    let variables = template.variables().into_iter().map(|v| (v.key, "x".to_owned()));
    let number = |n| format!("+5511{:09}", 910_000_000 + n).parse().expect("valid");
    let new = NewCampaign {
        name: "All".into(),
        template: template.id,
        audience: Audience { phones: (0..people).map(number).collect(), ..Audience::default() },
        variables: Variables::from_pairs(variables),
        rate: None,
        rules,
        scheduled_at: None,
    };
    workspace.campaigns().create(new, None).await.expect("is drafted").campaign.id
}
