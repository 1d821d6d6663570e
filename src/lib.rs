//! Parlour: private chats for a household, from one binary.
//!
//! **The main idea.** Bytes are parsed once, into a *command* (what a seat asks for); one thread decides in
//! what order commands take effect; and each effect leaves as an *event*, in that order, to everybody
//! entitled to it. Every room below is a step of that sentence.
//!
//! # Words
//!
//! | word | meaning |
//! | --- | --- |
//! | house | one running Parlour with its store |
//! | host | the person who runs the house, and who cannot read chats from the disk |
//! | chat | a conversation with its participants, messages and lifetime |
//! | pair, group | the two kinds of chat: of two people who may do the same, or of many who each have a role |
//! | participant | one person's place in one chat: a name, an invite, and in a group a role |
//! | role | what somebody may do in a group: admin, member (`Full`) or guest (`Limited`); `chat::Deed` is the table |
//! | roster | whom members and guests of a group are shown beside themselves: everybody, or the admins, and then people are hidden |
//! | standing | whether a participant is invited, in, has left or was removed |
//! | invite | what lets a person in: link token and code; usable again until the chat ends |
//! | replacing | giving an invite a new link and code; the old ones stop working |
//! | code | the secret of an invite that is passed on separately from the link: `K7QM-3XRP` |
//! | device | one browser or client; it holds a device secret and, through it, seats |
//! | device tag | the id of a device in the list of its own seat; it reveals nothing without the chat's key |
//! | seat | the proven right of one device to act as one participant; only [`store`] makes one |
//! | message | what one participant sent: seq, sender, kind, body, time |
//! | change number | counts what happens to messages that are there: edited, deleted, hidden, reacted to, vanished. What a client missed is the messages after its seq, and the present state of those changed after its number |
//! | note | what happened in a chat and people should read, in a place among the messages; nobody said it |
//! | seq | the position of a message in its chat, given at the commit; everything is ordered by it, nothing by a clock |
//! | producer | one opened page, or one run of a client: it counts its messages, so that each is taken once and in order |
//! | receipt | three counters of a participant: delivered up to, read up to, and seen up to, the part that the others may see |
//! | privacy settings | what a device withholds, and therefore does not see from others: typing, seen, here |
//! | viewer | a participant through one device, who sees only what that device does not withhold |
//! | presence | here now, or last here at; and typing |
//! | idle | the agreed time without use after which a chat is destroyed |
//! | idle timer | how long nobody has used a chat, counted in elapsed time and not by a wall clock |
//! | elapsed | how much time has passed, as far as the machine's clocks can be trusted |
//! | final call | the warning to everybody in a chat before the clock destroys it |
//! | backup | the house as it was at one moment, in one file that is encrypted with a passphrase |
//! | incarnation | the identity of a store; a restored house has a new one, and clients discard what they keep |
//! | ballast | a file that keeps space on the disk free for ending and purging |
//! | certificate | what the house presents over HTTPS to prove its identity |
//! | authority | what signs a certificate; devices are set up to trust the house's own |
//! | refusal | one of the closed list of reasons for which Parlour says no |
//!
//! # Rooms
//!
//! A room imports only rooms below it in this list; `tests/house/tidy` checks that.
//!
//! | room | what is in it |
//! | --- | --- |
//! | `main` | argv and the environment in, an exit code out; the only place that exits or reads the environment, but for the variables of systemd (`host::systemd`) |
//! | [`app`] | puts the rooms together: `App::open`, `App::serve`, and the house as a process that heeds signals |
//! | [`host`] | the person who runs it: `cli` (one file a command), `admin` (the unix socket), `config` (one setting is one field), `doctor`, `log`, `systemd`, `mdns` |
//! | [`http`] | the only room that names `warp` or turns a refusal into a status code: `routes` (the one table), `router`, `handlers` (one file a subject), `guard`, `reply`, `assets`, `qr`, `openapi`, `socket` |
//! | [`session`] | one WebSocket, from `hello` to its close; `strangers`: the permits of sockets that have not sent `hello` |
//! | [`jobs`] | what happens by itself: `purge`; `schedule` rings for it and for certificates, the only file that names `tokio_cron_scheduler` |
//! | [`house`] | what requests, sockets, the host and the jobs share: the store, the hub, `rate_limit`, `failure_log`, `metrics` |
//! | [`delivery`] | who hears what: the hub, a chat's `channel` of subscriptions, a socket's `queue`, the `watchers` of all chats of a device |
//! | [`store`] | what is kept: `admission` (codes, argon2id), `keys` (the destroyable halves), `rows`, `disk` (the files), `backup` (its records), and the engine in the folder `redb`, which alone names that crate; `engine` hands it out |
//! | [`net`] | accepting connections, permits, deadlines, TLS, `certificates`, the house's names and addresses; the only room that names `hyper` or `rustls` |
//! | [`protocol`] | what crosses a boundary: frames, bodies, lines of the admin socket, and the sentences of refusals |
//! | [`crypto`] | all of the cryptography: tokens, codes, keys, envelopes, the encryption of backups |
//! | [`clock`] | the wall clock, and what the machine knows of time beside it |
//! | [`domain`] | what a chat is and who may do what; no clock, no disk, no network |
//! | [`limits`] | every limit, and why it is that number |
//!
//! # The path of a message
//!
//! 1. `net::accept` takes a permit, then accepts the connection, and does the TLS handshake if the house
//!    serves HTTPS; `net::connection` sets the deadlines and notes the peer.
//! 2. `http::Server` finds the route in `http::routes`; `http::guard` checks Host, Origin and sizes;
//!    `http::socket` upgrades.
//! 3. `session` has `store` check the device secret of the first frame. For each chat that the client opens,
//!    it subscribes to the hub, then sends what the client has not seen.
//! 4. `protocol::client::parse` turns a frame into a [`domain::Command`] or a refusal. It is the only parser
//!    of frames; `protocol::rest` is that of bodies.
//! 5. `house::House::hand_in` checks the rate limit; `store::Store::hand_in` puts the command into a bounded
//!    queue. A message of a producer that is not known is looked for by a reader, then handed in again.
//! 6. `store::redb::writer` takes a batch into one transaction. For each command it loads the chat's state
//!    and the facts that the command needs, has [`domain::chat::decide`] judge it, and writes the changes
//!    (`store::redb::apply`). It commits; `store::redb::publisher` publishes, then answers: on a thread
//!    of its own where more than one waits.
//! 7. `app` hands what was published to `delivery::Hub::publish`, which encodes a frame once for all who are
//!    shown the same, and puts it into the send queue of each subscriber. For a socket that watches, it notes
//!    in which chats something changed; the session reads what when it gets round to it.
//! 8. `session` writes it. In the page `wire.js` reads it and calls the `ChatSession`, whose `Timeline` puts
//!    it in order for the component that shows messages. The message comes to its sender as
//!    to everybody else, and acknowledges itself: the page finds its waiting copy by `from` and `id`.
//!
//! # Where something new goes
//!
//! | what | where |
//! | --- | --- |
//! | a kind of message | a variant of `Kind` and `Body` in `src/domain/message.rs`; the compiler then asks for how it is written and read (`store::redb::sealed`). How it is said and shown: `protocol::client`, `protocol::rest::messages`, the transcript, a model and a component of the page |
//! | something that people of a chat do | a `Deed` in `src/domain/chat/deed.rs`, with the least role that may do it, and its row in `docs/groups.md` |
//! | something that is done to a chat | a `Command` in `src/domain/command.rs` if a seat asks for it, else an `Action` in `src/domain/chat/action.rs`; its rule in that folder; what others hear of it, an `Event` in `src/domain/event.rs`; a new `Change` is written in `store::redb::apply::change` |
//! | a frame | a variant in `src/protocol/client.rs` or `server.rs`, what `session` does with it, its call in `assets/app/wire.js`, and `docs/protocol.md` |
//! | a table | a line of the list in `src/store/redb/tables.rs`; if it holds anything of a chat, `destroy` in `store::redb::apply` clears it (I9) |
//! | a route | a line of `src/http/routes.rs`, its handler, and a heading in `docs/protocol.md` |
//! | a refusal | a row in `src/domain/refusal.rs`, its HTTP status in `src/http/reply.rs`, its sentence (`refusal.CODE` in `assets/words/`, or in `assets/dialogs/` if only a dialog shows it, else `src/protocol/sentences.rs`), a row in `docs/protocol.md` |
//! | a setting | a field of `Config` in `src/host/config/settings.rs`, which is its flag, its variable, its key in the file, its help and its line in `check-config`; then `parlour.example.toml` and a row in `tests/house/settings.rs` |
//! | a command of the host | a file in `src/host/cli`, its name in `cli/mod.rs`, a request in `src/protocol/admin.rs` that `host::admin::service` answers, `docs/commands.md` |
//! | a figure | a counter in `src/house/metrics.rs`; what is measured when somebody asks, a field of `HouseStatus` too |
//! | a limit | `src/limits.rs`, with its reason |
//! | a sentence of the page | `assets/words/`, or `assets/dialogs/` if only the dialogs of a chat say it, in every language |
//! | a language | a file in `assets/words/`, one in `assets/dialogs/`, one in `assets/emoji/`, one in `assets/trust/`, and its own name in `src/http/handlers/trust.rs` |
//!
//! If one of these is forgotten, the compiler or a test names it; only for `docs/commands.md` and
//! `assets/app/wire.js` nothing does.
//!
//! # Invariants
//!
//! Each with the test that proves it (in `tests` unless said otherwise).
//!
//! - **I1** Nothing is acknowledged, shown or published before its commit has returned.
//!   `contract::keeping::nothing_is_answered_or_published_before_its_commit`,
//!   `redb::crash::kills::a_house_that_is_killed_at_any_moment_keeps_what_it_acknowledged_and_every_end`
//! - **I2** A failed commit is unknown, not "no": clients that wait for it must reconnect, listeners must
//!   resync, the files are reopened as after a crash, and a message that is sent again is stored once. If
//!   the disk keeps failing, the process ends with an error, and its supervisor starts it again.
//!   `redb::failing::whichever_write_or_sync_fails_nothing_is_lost_and_the_house_goes_on`,
//!   `contract::keeping::a_commit_that_fails_is_unknown_and_stops_the_store`,
//!   `house::talking::a_house_whose_disk_fails_says_reconnect_and_ends`,
//!   `house::talking::nothing_overtakes_a_message_of_which_it_is_not_known_whether_it_was_done`,
//!   `redb::crash::faults::a_disk_that_refuses_a_write_loses_nothing_and_nobody_is_told_that_it_failed`
//! - **I3** In one chat everybody sees seq 1, 2, 3 ... `house::talking::everybody_sees_one_order`
//! - **I4** A listener that cannot keep up must resync, and continues from the last seq that it has; it never
//!   skips a message. `house::talking::a_reader_that_is_slow_is_resynced_and_misses_nothing`
//! - **I5** A seat is checked in the transaction that uses it; revoking it closes it everywhere, and destroys
//!   its part of the key.
//!   `contract::keeping::a_seat_that_was_left_can_do_nothing_more`,
//!   `house::talking::a_seat_that_was_left_hears_nothing_more`,
//!   `house::devices::a_device_that_is_signed_out_loses_its_seat_at_once_and_the_others_do_not`,
//!   `contract::slots::a_device_that_lost_its_seat_opens_nothing_with_the_slots_of_now_and_an_earlier_store`,
//!   `store::redb::tests::seats::an_interrupted_leaving_or_signing_out_leaves_the_seat_or_nothing_of_it`
//! - **I6** Every queue, body, loop and wait has a bound in [`limits`] and a deadline. `house::bounds`
//! - **I7** No name, text, token or code reaches the disk unsealed, or a log at all.
//!   `contract::keeping::nothing_on_the_disk_can_be_read_and_a_destroyed_key_is_overwritten`,
//!   `house::binary::nothing_of_a_chat_is_in_files_or_logs`
//! - **I8** A GET changes nothing. `house::input::a_get_changes_nothing`
//! - **I9** A chat is destroyed in one transaction, whatever the reason, and its key with it.
//!   `contract::keeping::an_ended_chat_is_gone_whole_and_both_links_say_so`,
//!   `contract::keeping::an_ending_that_was_interrupted_is_finished_at_the_next_start`,
//!   `redb::power::after_the_power_went_the_house_has_what_it_acknowledged_and_nothing_that_was_ended`,
//!   `redb::crash::endings::a_chat_is_gone_whole_wherever_inside_its_ending_the_house_was_killed`
//! - **I10** No chat is destroyed because a clock is wrong.
//!   `contract::clocks::no_chat_is_destroyed_early_and_none_that_is_due_outlives_a_day_of_trusted_uptime`
//! - **I11** An invite is replaced in one transaction: a crash leaves the old one or the new one, never both
//!   and never none, and the old link and code open nothing afterwards.
//!   `store::redb::tests::invites::an_interrupted_replacement_leaves_the_old_invite_or_the_new_one`,
//!   `contract::replacing::an_earlier_copy_of_the_store_with_the_slots_of_now_opens_nothing_by_the_old_invite`
//! - **I12** Nothing of a chat is in memory soon after its last seat was closed.
//!   `house::memory::soon_after_the_last_seat_was_closed_nothing_of_a_chat_is_in_memory`,
//!   `house::memory::a_device_that_watches_has_nothing_of_a_chat_in_memory`
//! - **I13** A chat that has ended cannot be opened from a later backup, and an earlier backup does not bring
//!   it back over the house in which it ended.
//!   `contract::backup::ending::whatever_happens_while_it_is_copied_what_ends_cannot_be_opened_and_what_lives_can`,
//!   `contract::backup::ending::a_chat_that_ended_since_does_not_come_back_from_an_earlier_copy`
//! - **I14** What was deleted or edited is undone by nothing: not by a crash, a client that was away, a
//!   message that is sent again, a compaction or a backup that was begun before.
//!   `redb::crash::kills::a_house_that_is_killed_at_any_moment_keeps_what_it_acknowledged_and_every_end`,
//!   `house::schedules::at_rest_every_client_sees_what_the_house_has_whatever_was_changed_and_cut_off`,
//!   `contract::changing::a_deleted_message_that_is_sent_again_after_a_start_does_not_come_back`,
//!   `contract::changing::a_message_that_is_deleted_while_the_house_is_copied_is_not_in_the_copy`,
//!   `store::redb::tests::changes::what_is_changed_while_the_store_is_rewritten_is_not_undone`,
//!   `store::redb::tests::changes::nothing_of_an_edited_and_of_a_deleted_text_is_left_in_a_file_that_was_rewritten`
//!
//! # What is absent
//!
//! No cookies, no accounts, no server-side sessions except seats, no migration of records on reading, no
//! retry of a write on a store that has failed, no lock across an await. There are few kinds of task: the
//! accept loops, a connection, a session, one attempt to enter, each job of the schedule, the host's
//! requests, and the two that wait for signals. Four threads run beside them: the writer, the publisher,
//! argon2id and the mDNS announcer. Blocking reads run on tokio's blocking threads.
//!
//! # What is public
//!
//! The binary uses three functions. Tests, fuzz targets and the load measure look into the rooms, by the
//! feature `test-support`.

#![cfg_attr(feature = "test-support", allow(missing_docs))]

cfg_if::cfg_if! {
    if #[cfg(feature = "test-support")] {
        pub mod app;
        pub mod clock;
        pub mod crypto;
        pub mod delivery;
        pub mod domain;
        pub mod host;
        pub mod house;
        pub mod http;
        pub mod jobs;
        pub mod limits;
        pub mod net;
        pub mod protocol;
        pub mod session;
        pub mod store;
    } else {
        mod app;
        mod clock;
        mod crypto;
        mod delivery;
        mod domain;
        mod host;
        mod house;
        mod http;
        mod jobs;
        mod limits;
        mod net;
        mod protocol;
        mod session;
        mod store;
    }
}

pub use app::serve;
pub use host::cli::{keep_to_itself, run};
