//! Parlour: private chats for a household, from one binary.
//!
//! **The one idea.** Bytes become a *command* once; one thread decides in what order commands become true;
//! and what became true leaves as an *event*, in that order, to everybody entitled to it. Every room below is
//! a step of that sentence.
//!
//! # Words
//!
//! | word | meaning |
//! | --- | --- |
//! | house | one running parlour with its store |
//! | host | the person who runs the house, and who cannot read chats from the disk |
//! | chat | a conversation with its participants, messages and lifetime |
//! | participant | one person's place in one chat: a name and an invite |
//! | invite | what lets a person in: link token and code; usable again until the chat ends |
//! | replacing | putting a new link and code in the place of an invite's; the old ones lead nowhere |
//! | code | the secret of an invite that is told apart from the link: `K7QM-3XRP` |
//! | device | one browser or client; it holds a device secret and, through it, seats |
//! | device tag | what a device is called in the list of its own seat; it tells nothing without the chat's key |
//! | seat | the proven right of one device to act as one participant; only [`store`] makes one |
//! | message | what one participant said: seq, sender, kind, body, time |
//! | seq | the position of a message in its chat, given at the commit; everything is ordered by it, nothing by a clock |
//! | receipt | three counters of a participant: delivered up to, read up to, and seen up to, which is what of it the others may know |
//! | withheld | what a device does not tell, and therefore is not told: typing, seen, here |
//! | viewer | a participant through one device: who is shown what that device does not withhold |
//! | presence | here now, or last here at; and typing |
//! | idle | the agreed time without use after which a chat is destroyed |
//! | rest | since when nobody uses a chat, counted by moments and not by a wall clock |
//! | moment | how much time has passed, as far as the machine's clocks can be trusted |
//! | final call | what everybody in a chat is told before the clock destroys it |
//! | backup | the house as it was at one moment, in one file that is encrypted to a passphrase |
//! | incarnation | one run of the store; a restored house is another one, and clients forget what they keep |
//! | ballast | a file that keeps room on the disk free for ending and purging |
//! | refusal | one of the closed list of reasons for which parlour says no |
//!
//! # Rooms
//!
//! A room imports only rooms that stand below it in this list; `tests/parlour/tidy.rs` holds that.
//!
//! | room | what is in it |
//! | --- | --- |
//! | [`cli`] | the command line; one file a command |
//! | [`log`] | where log records go |
//! | [`web`] | the route table, pages, bodies, the upgrade, guards; the only room that says `warp` or a status code |
//! | [`config`] | what was said by file, environment and flags, and what it means |
//! | [`listen`] | accepting connections, permits, deadlines; the only room that says `hyper` |
//! | [`session`] | one socket's life |
//! | [`house`] | what web and sessions share: store, hub, pace |
//! | [`hub`] | who listens to which chat, presence, typing |
//! | [`view`] | what the store tells, as `wire` writes it, for one viewer |
//! | [`pace`] | how fast a seat may speak |
//! | [`schedule`] | when the purge runs; the only room that says `tokio_cron_scheduler` |
//! | [`purge`] | what is past its time |
//! | [`store`] | what is kept, the writer, the readers, the key slots; the only room that says `redb` |
//! | [`wire`] | frames and bodies: text to domain values and back |
//! | [`seal`] | tokens, codes, keys, envelopes |
//! | [`domain`] | what a chat is and who may do what; no clock, no disk, no network |
//! | [`limits`] | every bound, and why it is that number |
//!
//! # The way of a message
//!
//! 1. `listen::accept` takes a permit, then the connection; `listen::connection` sets deadlines and the peer.
//! 2. `web::guard` checks Host, Origin and sizes; `web::socket` upgrades.
//! 3. `session` takes the device secret of the first frame to `store`, subscribes to the hub, then sends what
//!    the client has not seen.
//! 4. `wire::client::parse` turns a frame into a [`domain::Command`] or a refusal. It is the only parser.
//! 5. `house::House::submit` checks the pace; `store::Store::submit` puts the command into a bounded queue.
//! 6. `store::writer` applies the batch in one transaction, commits, publishes, answers.
//! 7. `hub::Hub::publish` puts one shared, encoded frame into the inbox of each listener.
//! 8. `session` writes it; the page replaces its waiting copy by the client's id.
//!
//! A new kind of message touches: `wire::client`, `domain::command`, `store::apply`, `wire::server`, one
//! model of the page, one test.
//!
//! # Invariants
//!
//! Each with the test that holds it (`tests/parlour` unless said otherwise).
//!
//! - **I1** Nothing is acknowledged, shown or fanned out before its commit returned.
//!   `keeping::nothing_is_answered_or_published_before_its_commit`,
//!   `crash::kills::a_house_that_is_killed_at_any_moment_keeps_what_it_acknowledged_and_every_end`
//! - **I2** A failed commit is unknown, not "no": who waits for it is told to reconnect, who listens to begin
//!   anew, the files are opened anew as after a crash, and a message sent again stands there once. A disk
//!   that goes on failing ends the process with an error, and whoever starts processes starts it again.
//!   `failing::whichever_write_or_sync_fails_nothing_is_lost_and_the_house_goes_on`,
//!   `keeping::a_commit_that_fails_is_unknown_and_stops_the_store`,
//!   `talking::a_house_whose_disk_fails_says_reconnect_and_ends`,
//!   `crash::faults::a_disk_that_refuses_a_write_loses_nothing_and_nobody_is_told_that_it_failed`
//! - **I3** In one chat everybody sees seq 1, 2, 3 ... `talking::everybody_sees_one_order`
//! - **I4** A listener that cannot keep up is told to resync and comes back with the last seq it has; it
//!   never skips. `talking::a_reader_that_is_slow_is_resynced_and_misses_nothing`
//! - **I5** A seat is checked in the transaction that uses it; taking it away closes it everywhere.
//!   `keeping::a_seat_that_was_left_can_do_nothing_more`, `talking::a_seat_that_was_left_hears_nothing_more`,
//!   `devices::a_device_that_is_signed_out_loses_its_seat_at_once_and_the_others_do_not`
//! - **I6** Every queue, body, loop and wait has a bound in [`limits`] and a deadline. `bounds`
//! - **I7** No name, text, token or code reaches the disk unsealed, or a log at all.
//!   `keeping::nothing_on_the_disk_can_be_read_and_a_destroyed_key_is_overwritten`,
//!   `binary::nothing_of_a_chat_is_in_files_or_logs`
//! - **I8** A GET changes nothing. `input::a_get_changes_nothing`
//! - **I9** A chat is destroyed in one transaction, for every reason there is, and its key with it.
//!   `keeping::an_ended_chat_is_gone_whole_and_both_links_say_so`,
//!   `keeping::an_ending_that_was_interrupted_is_finished_at_the_next_start`,
//!   `power::after_the_power_went_the_house_has_what_it_acknowledged_and_nothing_that_was_ended`,
//!   `crash::endings::a_chat_is_gone_whole_wherever_inside_its_ending_the_house_was_killed`
//! - **I10** No chat is destroyed because a clock is wrong.
//!   `clocks::no_chat_is_destroyed_early_and_none_that_is_due_outlives_a_day_of_trusted_uptime`
//! - **I11** An invite is replaced in one transaction: a crash leaves the old one or the new one, never both
//!   and never none, and the old link and code open nothing afterwards.
//!   `store::keyring::tests::an_interrupted_replacement_leaves_the_old_invite_or_the_new_one`,
//!   `replacing::an_earlier_copy_of_the_store_with_the_slots_of_now_opens_nothing_by_the_old_invite`
//! - **I12** Nothing of a chat is in memory soon after the last seat was closed.
//!   `memory::five_seconds_after_the_last_seat_was_closed_nothing_of_a_chat_is_in_memory`
//! - **I13** A chat that has ended cannot be opened from a backup that is begun later, and one that is older
//!   does not bring it back over the house in which it ended.
//!   `backup::ending::whatever_happens_while_it_is_copied_what_ends_cannot_be_opened_and_what_lives_can`,
//!   `backup::ending::a_chat_that_ended_since_does_not_come_back_from_an_earlier_copy`
//!
//! # What is absent
//!
//! No cookies, no accounts, no server-side sessions beside seats, no migration of records on reading, no
//! write that is tried again on a store that has failed, no lock across an await, and seven kinds of task
//! only: accept loop, connection, session, one try of a code, the purge with what calls it, the writer's and
//! the stretcher's threads.

pub mod cli;
pub mod config;
pub mod domain;
pub mod house;
pub mod hub;
pub mod limits;
pub mod listen;
pub mod log;
pub mod pace;
pub mod purge;
pub mod schedule;
pub mod seal;
pub mod session;
pub mod store;
pub mod view;
pub mod web;
pub mod wire;

use std::sync::Arc;
use std::time::{Duration, SystemTime};

use tokio::net::TcpListener;
use tokio::sync::Notify;
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;

use crate::config::Config;
use crate::domain::At;
use crate::house::House;
use crate::hub::Hub;
use crate::limits::{MEND_PATIENCE, STOP_DEADLINE};
use crate::pace::Pace;
use crate::schedule::Schedule;
use crate::seal::Stretch;
use crate::store::{Clock, Disk, Machine, Options, Publication, RealDisk, RealMachine, Store};
use crate::web::{Settings, Web};

/// What a house finds around it. Tests bring their own.
pub struct Surroundings {
    /// What time it is.
    pub clock: Clock,
    /// What else the machine knows of time.
    pub machine: Arc<dyn Machine>,
    /// Where the files are.
    pub disk: Box<dyn Disk>,
    /// For how long a disk that fails is tried again before the house closes.
    pub patience: Duration,
    /// What a code costs to try.
    pub stretch: Stretch,
}

impl Default for Surroundings {
    fn default() -> Self {
        Self {
            clock: Arc::new(wall_clock),
            machine: Arc::new(RealMachine::new()),
            disk: Box::new(RealDisk),
            patience: MEND_PATIENCE,
            stretch: Stretch::default(),
        }
    }
}

fn wall_clock() -> At {
    let since = SystemTime::now().duration_since(SystemTime::UNIX_EPOCH).unwrap_or_default();
    At(u64::try_from(since.as_millis()).unwrap_or(u64::MAX))
}

/// Why a house did not open, or did not stay open.
#[derive(Debug, thiserror::Error)]
pub enum RunError {
    /// An address cannot be listened on.
    #[error(transparent)]
    Bind(#[from] listen::BindError),
    /// The store cannot be opened.
    #[error(transparent)]
    Open(#[from] store::OpenError),
    /// The operating system gives no threads, timers or signals.
    #[error("the operating system gives no threads or signals: {0}")]
    Runtime(#[source] std::io::Error),
    /// The schedule of the purge does not begin.
    #[error("the schedule of the purge does not begin: {0}")]
    Schedule(#[source] tokio_cron_scheduler::JobSchedulerError),
    /// I2: a commit failed. Whoever starts the process starts it again.
    #[error("the store has stopped because the disk failed; the log says how. Start parlour again")]
    Stopped,
}

/// Opens the house, calls `ready` when it can be visited, and returns when `stop` was cancelled and
/// everything is in
/// order: nothing more is accepted, sockets have said goodbye, the writer has written what it had.
pub async fn run(
    config: Config,
    listeners: Vec<TcpListener>,
    surroundings: Surroundings,
    stop: CancellationToken,
    ready: impl FnOnce(),
) -> Result<(), RunError> {
    let Surroundings { clock, machine, disk, patience, stretch } = surroundings;
    let hub = Hub::new(Arc::clone(&clock));
    let published = hub.clone();
    let dir = config.data.clone();
    let options = Options { dir, stretch, clock: Arc::clone(&clock), machine, disk, patience };
    let purge = Arc::new(Notify::new());
    let called = Arc::clone(&purge);
    let publish = move |publication: Publication| {
        if publication.leaves_litter() {
            purge.notify_one();
        }
        published.publish(publication);
    };
    let store = Store::open(options, publish)?;
    let purging = Schedule::begin(store.clone(), called, stop.clone()).await.map_err(RunError::Schedule)?;
    let pace = Pace::new(config.messages_per_second, config.messages_burst());
    let house = Arc::new(House { store: store.clone(), hub, pace, clock });
    let sockets = TaskTracker::new();
    let web = Web::new(house, settings(&config, &listeners), sockets.clone(), stop.clone());
    let limits = listen::Limits { uncounted: config.trusted_proxies.clone(), ..listen::Limits::default() };
    let service = listen::from_tower(warp::service(web::routes(&web)));
    let serving = listen::serve(listeners, service, limits, stop.clone(), STOP_DEADLINE / 2);
    ::log::info!("parlour {} is open", env!("CARGO_PKG_VERSION"));
    ready();
    let failed = tokio::select! {
        () = serving => false,
        () = store.failed() => true,
    };
    stop.cancel();
    sockets.close();
    drop(tokio::time::timeout(STOP_DEADLINE / 2, sockets.wait()).await);
    purging.end().await;
    store.close().await;
    ::log::info!("parlour is closed");
    if failed { Err(RunError::Stopped) } else { Ok(()) }
}

fn settings(config: &Config, listeners: &[TcpListener]) -> Settings {
    Settings {
        public_url: config.public_url.clone(),
        may_start: config.may_start,
        idle_choices: config.idle_choices.clone(),
        idle_default: config.idle_default,
        trusted_proxies: config.trusted_proxies.clone(),
        names: config.names.clone(),
        listening: listeners.iter().filter_map(|listener| listener.local_addr().ok()).collect(),
    }
}
