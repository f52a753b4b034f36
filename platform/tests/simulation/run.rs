//! One story: a seed decides who does what when, and what goes wrong.

use std::collections::VecDeque;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, PoisonError};

use object_store::memory::InMemory;
use whatsapp_cloud::simulator::{Faults, Simulator};
use whatsapp_core::env::SeededEntropy;
use whatsapp_core::{CampaignStatus, Env, PageRequest, Span, Timestamp};
use whatsapp_platform::testing::Part;
use whatsapp_platform::{Platform, Workspace};
use whatsapp_storage::faulty::CommitFault;

use crate::judge::Judge;
use crate::node::{Common, Done, Ended, HOLD, Node, Turn};
use crate::post::Post;
use crate::stage::Stage;
use crate::weather::weather;
use crate::work::{Ladder, Reply, SharedBook, Shop};

/// How long things go wrong.
const TICKS: u32 = 30;
/// After so many quiet rounds all has come to rest.
const QUIET: u32 = 2;
const CUSTOMERS: [&str; 3] = ["+5511981234567", "+5511976543210", "+5511965432109"];

/// A story that is being told.
pub(crate) struct Story {
    common: Common,
    /// Chance of the story itself; the nodes have their own.
    chance: Env,
    shop: Shop,
    seen: Workspace,
    nodes: VecDeque<Node>,
    frozen: VecDeque<Turn>,
    born: usize,
    post: Post,
    book: SharedBook,
    said: Vec<String>,
    replies: usize,
    judge: Judge,
    log: Vec<String>,
}

impl Story {
    /// On an empty stage.
    pub(crate) async fn begin(seed: u64, stage: &Stage) -> Self {
        let clock = Arc::clone(&stage.clock);
        let env = Env::new(Arc::clone(&clock) as _, Arc::new(SeededEntropy::new(seed)));
        let chance = Env::new(Arc::clone(&clock) as _, Arc::new(SeededEntropy::new(!seed)));
        let common = Common {
            store: Arc::clone(&stage.store) as _,
            meta: Arc::new(Simulator::new(seed, env)),
            clock,
            chance: Arc::new(SeededEntropy::new(seed.rotate_left(17))),
            files: Arc::new(InMemory::new()),
            commits: Arc::new(AtomicU64::new(0)),
        };
        let node = Node::start(0, &common, Span::ZERO).await;
        let people = 3 + usize::try_from(chance.below(8)).unwrap_or_default();
        let ladder = Ladder::draw(&chance);
        let (node, shop) = Shop::open(node, &common, (people, ladder)).await;
        let seen = observer(&common).await.system_workspace(shop.tenant);
        let people_a_day = [None, None, Some(3), Some(5)];
        let limit = chance.pick(&people_a_day).copied().flatten();
        shop.may_reach(&*common.store, limit).await;
        common.meta.set_faults(weather(&chance));
        Self {
            common,
            chance,
            shop,
            seen,
            nodes: VecDeque::from([node]),
            frozen: VecDeque::new(),
            born: 1,
            post: Post::default(),
            book: SharedBook::default(),
            said: Vec::new(),
            replies: 0,
            judge: Judge::new(limit, ladder.climbs()),
            log: Vec::new(),
        }
    }

    /// Tells it to its end; what does not hold ends it, with its last lines.
    pub(crate) async fn tell(mut self) -> Result<Vec<String>, String> {
        match self.all().await {
            Ok(()) => Ok(self.log),
            Err(why) => {
                let last = self.log.split_off(self.log.len().saturating_sub(60));
                Err(format!("{why}\n…\n{}", last.join("\n")))
            }
        }
    }

    async fn all(&mut self) -> Result<(), String> {
        for _ in 1..=self.chance.below(3) {
            self.node().await;
        }
        for tick in 0..TICKS {
            self.pass_time();
            self.strike();
            if tick == 2 {
                self.manage("started").await?;
            }
            self.people().await?;
            self.common_turns().await?;
            self.heal().await?;
        }
        self.rest().await
    }

    fn say(&mut self, line: String) {
        let at = (self.common.clock_now() - Stage::START).as_micros();
        self.log.push(format!("{at:>12} {line}"));
    }
    fn one_in(&self, n: u64) -> bool {
        self.chance.below(n) == 0
    }

    /// Another node, with a clock that may be wrong by half a minute.
    async fn node(&mut self) {
        let skew =
            Span::millis(i64::try_from(self.chance.below(60_000)).unwrap_or_default() - 30_000);
        let node = Node::start(self.born, &self.common, skew).await;
        self.say(format!("node {} starts, {} ms off", self.born, skew.as_micros() / 1_000));
        self.born += 1;
        self.nodes.push_back(node);
    }

    fn pass_time(&mut self) {
        let by = match self.chance.below(40) {
            0 => {
                self.say("the clock jumps ahead".to_owned());
                Span::minutes(3)
            }
            1 => {
                self.say("the clock jumps back".to_owned());
                Span::seconds(-3)
            }
            2..=5 => Span::seconds(8),
            _ => Span::millis(i64::try_from(self.chance.below(400)).unwrap_or_default()),
        };
        self.common.clock.advance(by);
    }

    /// Chooses what goes wrong next.
    fn strike(&mut self) {
        let Some(node) = self.nodes.front() else { return };
        let nth = 1 + self.chance.below(10);
        let line = match self.chance.below(16) {
            0 | 1 => {
                node.fate.crash_in(nth);
                return;
            }
            2 => {
                node.fate.freeze_in(1 + self.chance.below(3));
                return;
            }
            3 => {
                node.faults.fail_commit(nth, CommitFault::Before);
                "commit fails before it happened"
            }
            4 => {
                node.faults.fail_commit(nth, CommitFault::After);
                "commit fails after it happened"
            }
            5 => {
                node.faults.fail_begin(nth);
                "unit does not begin"
            }
            _ => return,
        };
        let line = format!("node {}: soon a {line}", node.name);
        self.say(line);
    }

    async fn people(&mut self) -> Result<(), String> {
        if self.one_in(5) {
            let text = format!("hello {}", self.said.len());
            let who = self.chance.pick(&CUSTOMERS).copied().unwrap_or(CUSTOMERS[0]);
            self.common.meta.write(who, &text).map_err(|e| e.to_string())?;
            self.say(format!("{who} writes {text}"));
            self.said.push(text);
        }
        if self.one_in(5) {
            self.think_of_reply().await?;
        }
        let open = self.book.lock().unwrap_or_else(PoisonError::into_inner).open.clone();
        if let Some(reply) = self.chance.pick(&open).cloned() {
            let (shop, book) = (self.shop, Arc::clone(&self.book));
            self.take(async move |node| shop.reply(node, reply, book).await).await?;
        }
        let how = match self.chance.below(40) {
            0 => "paused",
            1..=3 => "resumed",
            4 if self.one_in(4) => "cancelled",
            _ => return Ok(()),
        };
        self.manage(how).await
    }

    /// An agent wants to answer somebody whose conversation is there.
    async fn think_of_reply(&mut self) -> Result<(), String> {
        let page = PageRequest::first(20);
        let threads = self.seen.conversations().page(Default::default(), page).await;
        let mut threads = threads.map_err(|e| e.to_string())?.items;
        threads.retain(|thread| thread.conversation.last_inbound_at.is_some());
        if let Some(thread) = self.chance.pick(&threads) {
            let text = format!("reply {}", self.replies);
            self.replies += 1;
            let reply = Reply { text, conversation: thread.conversation.id };
            self.book.lock().unwrap_or_else(PoisonError::into_inner).open.push(reply);
        }
        Ok(())
    }

    async fn manage(&mut self, how: &'static str) -> Result<(), String> {
        let shop = self.shop;
        self.take(async move |node| shop.manage(node, how).await).await
    }

    /// A node brings the post, a node works.
    async fn common_turns(&mut self) -> Result<(), String> {
        self.post.collect(&self.common.meta);
        if self.post.len() > 0 {
            self.bring(true).await?;
        }
        for _ in 0..2 {
            let parts: Vec<_> = Part::all().collect();
            let part = match self.chance.below(3) {
                0 => Some(Part::Sending),
                1 => Some(Part::Inbound),
                _ => self.chance.pick(&parts).copied(),
            };
            if let Some(node) = self.nodes.pop_front() {
                self.go(node.work(part)).await?;
            }
        }
        Ok(())
    }

    async fn bring(&mut self, lossy: bool) -> Result<(), String> {
        let (post, chance) = (self.post.clone(), self.chance.clone());
        self.take(async move |node: Node| {
            let told = post.bring(&node.platform, &chance, lossy).await;
            (node, Ok(told))
        })
        .await
    }

    /// Something is done on one of the nodes.
    async fn take<F>(&mut self, what: impl FnOnce(Node) -> F) -> Result<(), String>
    where
        F: Future<Output = (Node, Done)> + Send + 'static,
    {
        match self.nodes.pop_front() {
            Some(node) => self.go(node.turn(what)).await,
            None => Ok(()),
        }
    }

    /// A turn, to its end or to what strikes; then the judge looks.
    async fn go(&mut self, turn: Turn) -> Result<(), String> {
        let name = turn.name;
        let (before, woken) = (self.common.meta.accepted(), turn.woken);
        match turn.go().await {
            Ended::Done(node, done) => {
                match done {
                    Ok(lines) => {
                        lines.into_iter().for_each(|line| self.say(format!("node {name} {line}")))
                    }
                    Err(error) => self.say(format!("node {name} fails: {error}")),
                }
                // What had begun before a frozen node froze may still go out: it is in the ledger as doubtful.
                let sends = !woken && self.common.meta.accepted() > before;
                self.judge.owner(name, &node.epochs(), sends)?;
                self.nodes.push_back(*node);
            }
            Ended::Crashed(place) => self.say(format!("node {name} crashes {place}")),
            Ended::Frozen(turn, place) => {
                self.say(format!("node {name} freezes {place}"));
                self.frozen.push_back(turn);
            }
        }
        self.look().await
    }

    async fn look(&mut self) -> Result<(), String> {
        let commits = self.common.commits.load(Ordering::SeqCst);
        let common = &self.common;
        let lines = self.judge.look(self.shop, &*common.store, &common.meta, commits).await?;
        lines.into_iter().for_each(|line| self.say(line));
        Ok(())
    }

    /// Now and then a dead node comes back, a frozen one wakes up.
    async fn heal(&mut self) -> Result<(), String> {
        if self.nodes.is_empty() || (self.nodes.len() < 2 && self.one_in(12)) {
            self.node().await;
        }
        if self.one_in(6) {
            self.wake().await?;
        }
        Ok(())
    }

    async fn wake(&mut self) -> Result<(), String> {
        let Some(mut turn) = self.frozen.pop_front() else { return Ok(()) };
        turn.woken = true;
        self.say(format!("node {} wakes up", turn.name));
        turn.fate.thaw();
        self.go(turn).await
    }

    /// Nothing goes wrong any more: everything must come to its end.
    async fn rest(&mut self) -> Result<(), String> {
        self.common.meta.set_faults(Faults::default());
        while !self.frozen.is_empty() {
            self.wake().await?;
        }
        self.nodes.clear();
        self.node().await;
        self.quiet().await?;
        let campaign = self.seen.campaigns().find(self.shop.campaign).await;
        let status = campaign.map_err(|e| e.to_string())?.campaign.status;
        match status {
            CampaignStatus::Draft => self.manage("started").await?,
            CampaignStatus::Paused => self.manage("resumed").await?,
            _ => {}
        }
        self.quiet().await?;
        // A day for what is doubtful, for each wait of who is held back, and each time the portfolio's people are used up.
        for _ in 0..8 {
            self.common.clock.advance(HOLD);
            self.common.clock.advance(Span::minutes(6));
            self.quiet().await?;
            let campaign = self.seen.campaigns().find(self.shop.campaign).await;
            if campaign.map_err(|e| e.to_string())?.campaign.status != CampaignStatus::Sending {
                break;
            }
        }
        let book = Arc::clone(&self.book);
        let book = book.lock().unwrap_or_else(PoisonError::into_inner).clone();
        self.judge.end(&self.seen, &book, &self.said, &self.common.meta).await
    }

    async fn quiet(&mut self) -> Result<(), String> {
        let (mut quiet, mut rounds) = (0, 0);
        while quiet < QUIET {
            rounds += 1;
            if rounds > 2_000 {
                return Err("it does not come to rest".to_owned());
            }
            let before = self.log.len();
            let open = self.book.lock().unwrap_or_else(PoisonError::into_inner).open.clone();
            for reply in open {
                let (shop, book) = (self.shop, Arc::clone(&self.book));
                self.take(async move |node| shop.reply(node, reply, book).await).await?;
            }
            self.post.collect(&self.common.meta);
            if self.post.len() > 0 {
                self.bring(false).await?;
                quiet = 0;
            }
            if let Some(node) = self.nodes.pop_front() {
                self.go(node.work(None)).await?;
            }
            quiet = if self.log.len() > before { 0 } else { quiet + 1 };
            match self.common.meta.next_webhook_at() {
                Some(at) => {
                    quiet = 0;
                    // A little later, so that what is due together comes together.
                    let at = at.max(self.common.clock_now()) + Span::millis(700);
                    self.common.clock.set(at);
                }
                // Longer than a lease: what a dead node held becomes free.
                None => self.common.clock.advance(Span::seconds(70)),
            }
        }
        Ok(())
    }
}

impl Common {
    fn clock_now(&self) -> Timestamp {
        whatsapp_core::env::Clock::now(&*self.clock)
    }
}

/// A platform that only looks, past every fault.
async fn observer(common: &Common) -> Platform {
    Node::start(usize::MAX, common, Span::ZERO).await.platform
}
