//! Every number that Parlour refuses to exceed, and why it is that number.
//!
//! All rooms read these; nothing else in the program may hold a bound of its own. What depends on
//! another number is asserted below, at compile time.

use std::time::Duration;

/// People in a chat of two.
pub const PAIR_PEOPLE: usize = 2;
/// People who are in a group at the same time: more would be a hall, and everybody is told of everybody.
pub const GROUP_PEOPLE_MAX: usize = 50;
/// Numbers that a group gives in its life, one to each person who was ever added. Each keeps a name, and a
/// person who opens the group gets all of them in one frame.
pub const GROUP_NUMBERS_MAX: usize = 200;
/// Characters (Unicode scalar values) of what a group is about: a short paragraph.
pub const DESCRIPTION_CHARS_MAX: usize = 500;
/// Characters (Unicode scalar values) of a name after trimming: fits on one line of a phone.
pub const NAME_CHARS_MAX: usize = 40;
/// Combining marks in a row in a name: no script stacks more, and a tower would cover what is around it.
pub const NAME_MARKS_MAX: usize = 6;
/// Bytes of a name: 40 characters as people count them, of which a few may be emoji of a whole family
/// (25 bytes), and letters with many marks stay bounded.
pub const NAME_BYTES_MAX: usize = 512;
/// Characters (Unicode scalar values) of a message: about two typed pages.
pub const MESSAGE_CHARS_MAX: usize = 4_000;
/// Bytes of a message: every character at its largest in UTF-8.
pub const MESSAGE_BYTES_MAX: usize = MESSAGE_CHARS_MAX * 4;
/// Bytes of an emoji: the longest that Unicode has is two people of different skin who kiss, with 35.
pub const EMOJI_BYTES_MAX: usize = 48;
/// Milliseconds in which one's own message can be edited, by the house's own count: a day.
pub const EDIT_MS: u64 = 24 * 3_600 * 1_000;
/// The largest number of edits of one message that a client may name: what JSON numbers hold is more.
pub const EDITS_MAX: u64 = u32::MAX as u64;
/// Of the changes of one chat the newest so many are kept: a client that was away for more reads the chat
/// again. Twenty for each message of a page that is shown.
pub const CHANGES_KEPT: u64 = 1_000;

/// Bytes of one text frame: a message whose every character is escaped as `\uXXXX` or has 4 bytes, and the
/// envelope.
pub const FRAME_BYTES_MAX: usize = 32 * 1024;
/// Fields of one object from a client that are looked at: several times as many as any type has.
pub const OBJECT_FIELDS_MAX: usize = 32;
/// Bytes of a request body: the largest is a message; this is twice a frame.
pub const BODY_BYTES_MAX: usize = 64 * 1024;
/// Bytes of a request body that is small, as all are but long messages: a code, names, receipts.
pub const BODY_SMALL_BYTES: usize = 4 * 1024;
/// Bytes of small bodies, and as many of large ones, that are on their way at once. Beyond it a body is
/// refused before it is read. A thousand small ones, or sixty-four of the largest.
pub const BODIES_BYTES_MAX: usize = 4 * 1024 * 1024;
/// One address may have this part of that: a quarter, which is sixteen people behind one router who send the
/// largest body at the same moment.
pub const BODIES_PART: usize = 4;
/// A request body must be here by then.
pub const BODY_DEADLINE: Duration = Duration::from_secs(10);
/// Bytes of a request head: a browser's is 1 KiB, an annotating proxy's 4 KiB.
pub const HEAD_BYTES_MAX: usize = 16 * 1024;
/// Header fields of a request head.
pub const HEAD_FIELDS_MAX: usize = 64;
/// A request head must be here by then; also how long a kept-alive connection may be silent.
pub const HEAD_DEADLINE: Duration = Duration::from_secs(5);
/// A TLS handshake must be done by then: two round trips and a signature, on a slow line and a small machine.
pub const HANDSHAKE_DEADLINE: Duration = Duration::from_secs(10);
/// A whole request, from its head to the end of its answer.
pub const REQUEST_DEADLINE: Duration = Duration::from_secs(60);
/// The answer to a request must begin by then; what is left of [`REQUEST_DEADLINE`] is for sending it.
pub const ANSWER_DEADLINE: Duration = Duration::from_secs(30);

/// A request that was answered later than this is told in the log: a person has given up by then.
pub const SLOW_REQUEST: Duration = Duration::from_secs(5);
/// Lines that the log has of such requests in a minute, and as many of what failed: enough to see that
/// something is wrong, and nobody fills a disk by being slow, or by asking a disk that fails.
pub const LOG_LINES_A_MINUTE: u32 = 10;

/// Connections of the whole house: 12,000 x 9 KB is 108 MB, what a 512 MB Pi can spare; by TLS 16 KB were
/// measured, which is 190 MB.
pub const CONNECTIONS_MAX: usize = 12_000;
/// Bytes that one connection takes by TLS at rest; without it, it is 9 KiB.
pub const CONNECTION_BYTES: u64 = 16 * 1024;
/// Of the memory that there is, connections may take one such part: a quarter.
pub const CONNECTIONS_PART: u64 = 4;
/// Connections even of the smallest machine: a household with several tabs each.
pub const CONNECTIONS_LEAST: usize = 256;
/// Files that are open beside connections: the store, the log, what is read in between.
pub const FILES_OTHERWISE: u64 = 64;
/// Connections of one peer address: a household behind one router, each with several tabs.
pub const CONNECTIONS_PER_ADDRESS_MAX: usize = 200;
/// Connections that the kernel holds until the house takes them: everybody coming back after a restart.
pub const LISTEN_BACKLOG: i32 = 1_024;
/// How long a listener rests when the kernel has no file descriptor or memory for one more connection.
pub const ACCEPT_PAUSE: Duration = Duration::from_millis(50);
/// Sockets of one device: tabs of one browser.
pub const SOCKETS_PER_DEVICE_MAX: usize = 8;
/// Sockets of the whole house that have not said who they are: 9 KB each, 2.3 MB in all. A household that
/// comes back after a restart needs a place for each tab, for a round trip.
pub const STRANGERS_MAX: usize = 256;
/// From so many on places are short: nobody needs half of them for longer than a moment.
pub const STRANGERS_MANY: usize = STRANGERS_MAX / 2;
/// The first frame of a socket must come within this: three lost packets on a slow line.
pub const HELLO_DEADLINE: Duration = Duration::from_secs(10);
/// The same while places are short: the round trip of a slow line, and one lost packet.
pub const HELLO_DEADLINE_SHORT: Duration = Duration::from_secs(2);
/// A socket that came less than this ago is on the way to say `hello`, by the round trip of a slow line. It
/// is spared while another network holds its share of the places for longer.
pub const HELLO_GRACE: Duration = Duration::from_millis(500);
/// When a socket that gave way to another may come again: the crowd has had its short time then.
pub const STRANGER_AGAIN: Duration = Duration::from_secs(1);

/// Frames that wait for one socket before its chats are resynced: all that one commit can bring.
pub const OUTBOX_FRAMES_MAX: usize = 1_024;
/// Bytes that wait for one socket before its chats are resynced.
pub const OUTBOX_BYTES_MAX: usize = 256 * 1024;
/// A socket that is still stuck after this is closed with 1013.
pub const STUCK_DEADLINE: Duration = Duration::from_secs(10);
/// How long the house waits, after its close, for that of the peer (RFC 6455, section 7.1.1).
pub const FAREWELL_DEADLINE: Duration = Duration::from_secs(1);
/// Between two looks at the networks in which the house is announced: a home whose router comes up after it.
pub const ANNOUNCE_INTERVAL: Duration = Duration::from_secs(10);
/// What others tell a network that is kept before all of it is forgotten at the next look: the records and
/// timers of a home full of devices. At 9 KB, the most that one may have, it is 9 MB. Between two looks it
/// may be more; then `MemoryMax=` is the bound.
pub const ANNOUNCE_HEARD_MAX: i64 = 1_000;
/// One write to a socket.
pub const WRITE_DEADLINE: Duration = Duration::from_secs(15);
/// Between two WebSocket pings of the house: below the 30 s after which mobile networks forget a flow.
pub const PING_INTERVAL: Duration = Duration::from_secs(25);
/// A peer that said nothing, not even a pong, for this long is gone.
pub const SILENCE_DEADLINE: Duration = Duration::from_secs(60);
/// Bytes that a socket reads at once, and keeps when idle: 4 KiB measured 6 KB a socket, 128 KiB 137 KB.
pub const SOCKET_READ_BYTES: usize = 4 * 1024;
/// Bytes a socket gathers before it writes.
pub const SOCKET_WRITE_BYTES: usize = 4 * 1024;
/// Bytes a socket may hold unwritten before a write is an error.
pub const SOCKET_WRITE_BYTES_MAX: usize = 512 * 1024;
/// Commands of one socket that may be under way at once; the next frame is read when one is answered.
pub const SOCKET_COMMANDS_MAX: usize = 64;
/// Between two notes that somebody types: clients send one every 3 s, and networks push them together.
pub const TYPING_INTERVAL: Duration = Duration::from_millis(2_500);
/// Seats that one socket may have open: every seat of a device.
pub const SEATS_PER_DEVICE_MAX: usize = 256;
/// Devices that may be in at one seat; the one that is away longest is signed out for one more.
pub const DEVICES_PER_SEAT_MAX: usize = 32;

/// Messages a second that one seat may send, lasting. Faster than anybody types.
pub const MESSAGES_PER_SECOND: u32 = 10;
/// Messages one seat may send at once: an outbox coming back after a tunnel.
pub const MESSAGES_BURST: u32 = 30;
/// How many seconds' worth of messages one seat may send at once, whatever its rate is.
pub const MESSAGES_BURST_SECONDS: u32 = 3;
/// The highest rate that a host may allow one seat: more than the writer commits.
pub const MESSAGES_PER_SECOND_MAX: u32 = 100_000;
/// Devices that one seat may sign out, leave with or have links replaced for at once: all that it may have.
pub const SEAT_CHANGES_BURST: u32 = 32;
/// After that, one more in this time: nobody has more devices or links that need it.
pub const SEAT_CHANGE_INTERVAL: Duration = Duration::from_secs(60);
/// Times that one link may be entered by at once: every device of a seat, twice.
pub const ENTERS_BURST: u32 = 64;
/// After that, once more in this time: nobody has a new browser more often.
pub const ENTER_INTERVAL: Duration = Duration::from_secs(10);
/// Receipts a second of one seat, lasting: two kinds, each ten times, from three devices.
pub const RECEIPTS_PER_SECOND: u32 = 60;
/// Receipts of one seat at once.
pub const RECEIPTS_BURST: u32 = 180;
/// Milliseconds after a note of when somebody left in which no other is written: the page shows minutes.
pub const LEAVE_AGAIN_MS: u64 = 60 * 1_000;
/// Milliseconds after a use of a chat in which another one is not written down: an hour is the shortest rest,
/// and after a start a chat counts as used so much later than is written.
pub const USE_AGAIN_MS: u64 = 60 * 1_000;
/// Seats, and addresses, whose rate is remembered between two clean-ups.
pub const RATED_MAX: usize = 8_192;

/// The highest position that JSON can carry to a browser without rounding it: 2^53 - 1 (RFC 8259, section 6).
pub const SEQ_MAX: u64 = (1 << 53) - 1;
/// Messages in one page of history, and when no number is asked for.
pub const PAGE_MESSAGES_MAX: usize = 100;
/// Messages in one page when the client names no number: about two screens of a phone.
pub const PAGE_MESSAGES_DEFAULT: usize = 50;
/// Bytes of text in one page: with every character escaped it still fits a socket's write buffer.
pub const PAGE_BYTES_MAX: usize = 32 * 1024;
/// Messages in the answer to entering: more than a screen of a phone, so that the page asks for no more.
pub const ENTER_MESSAGES_MAX: usize = 20;
/// Bytes of text in that answer: two seconds at 64 kbit/s, as long as a second question takes on such a line.
pub const ENTER_TEXT_BYTES_MAX: usize = 16 * 1024;
/// The newest messages that a client may open a chat with, and how far that goes back to an unread one.
pub const NEWEST_MESSAGES_MAX: u64 = 300;
/// Tokens in one question about who has come in.
pub const STATUS_TOKENS_MAX: usize = GROUP_PEOPLE_MAX;
/// Open chats of the whole house, if the slots suffice ([`SLOTS_MAX`]).
pub const CHATS_MAX: usize = 100_000;

/// Commands that wait for the writer. A full queue is answered "busy".
pub const WRITER_QUEUE_MAX: usize = 4_096;
/// Commands in one transaction: bounds how long the first waits for the last.
pub const WRITER_BATCH_MAX: usize = 1_024;
/// Commits whose events wait for the publisher. The writer waits when it is behind by more.
pub const PUBLISHER_QUEUE_MAX: usize = 4;
/// How long receipts may wait for a commit to ride along with.
pub const RECEIPT_DELAY: Duration = Duration::from_millis(40);
/// The writer has had nothing to do for this long: it makes reopening quick.
pub const WRITER_IDLE: Duration = Duration::from_secs(1);
/// Reads of the store that run at once; the others wait in line.
pub const READERS_MAX: usize = 4;
/// Bytes of the file that keeps room free: what ending every chat of a household writes, many times over.
pub const BALLAST_BYTES: u64 = 8 * 1024 * 1024;
/// Bytes that must be free beside the ballast before anything new is taken again after the disk was full.
pub const ROOM_BYTES: u64 = 4 * 1024 * 1024;
/// Between two looks whether a full disk has room again.
pub const ROOM_INTERVAL: Duration = Duration::from_secs(1);
/// For how long the writer tries to reopen the store after the disk failed, before it ends the process.
pub const RECOVERY_PATIENCE: Duration = Duration::from_secs(10);
/// Between two tries of that.
pub const RECOVERY_PAUSE: Duration = Duration::from_millis(50);
/// redb's page cache: its default is 1 GiB.
pub const STORE_CACHE_BYTES: usize = 24 * 1024 * 1024;
/// Places of messages that the writer remembers over all chats, for those who send something again, before it
/// forgets the chats used longest ago. At 8 bytes each, and about 500 for a chat, this is 16 MB.
pub const REMEMBERED_PLACES_MAX: usize = 1_000_000;
/// Producers that are remembered for a seat: pages that one device has open, or has opened last.
pub const PRODUCERS_PER_SEAT_MAX: usize = 8;
/// Messages of a producer whose places are remembered: as many as it may have unanswered.
pub const PRODUCER_MESSAGES_MAX: usize = 64;
/// Messages after which the producers of a chat are written down: what the first command after a start must
/// look at.
pub const CHECKPOINT_MESSAGES: u64 = 256;
/// The newest messages of a chat among which an unknown producer is looked for.
pub const PRODUCER_SEARCH_MAX: usize = 1_000;
/// Unread messages of a chat at which counting stops, so that a list of many chats need not read them all.
pub const UNREAD_MAX: u64 = 100;
/// Characters of a token in a mistyped link that are passed on to the page: a right one has 26, and what else
/// is behind it, the page reads.
pub const LINK_TOKEN_CHARS_MAX: usize = 64;
/// QR codes that are drawn at once; each takes half a millisecond, the others wait in line.
pub const DRAWINGS_MAX: usize = 2;
/// Pixels that a QR code as a PNG is wide at least, so that it stays sharp on paper.
pub const PNG_SIDE_MIN: usize = 512;
/// How long an ended chat's links still say "ended".
pub const TOMBSTONE_KEPT: Duration = Duration::from_secs(30 * 24 * 3_600);

/// How long a chat lasts that a visitor started and nobody entered, with its final call: a link that was not
/// opened within a week was not handed on, and nothing is in it.
pub const UNENTERED_LIFE: Duration = Duration::from_secs(7 * DAY);
/// How long such a chat rests before its final call.
pub const UNENTERED_REST: Duration =
    Duration::from_secs(UNENTERED_LIFE.as_secs() - FINAL_CALL_MOST.as_secs());
/// Chats of one address block (/32, /64) that nobody has entered; for one more the oldest goes. Cards for a
/// class or a club, each handed out.
pub const UNENTERED_PER_ADDRESS_MAX: usize = 50;
/// Address blocks whose chats are counted before the ones that have none are looked for.
pub const UNENTERED_BLOCKS_MANY: usize = 4_096;
/// Chats that one address block may start at once: as many as may stay.
pub const STARTS_BURST: u32 = 50;
/// After that, one more in this time: faster than names are typed and links handed on.
pub const START_INTERVAL: Duration = Duration::from_secs(10);

/// The part of the agreed rest that a final call lasts: a tenth.
pub const FINAL_CALL_PARTS: u32 = 10;
/// A final call of the shortest rest: somebody in the next room can still come.
pub const FINAL_CALL_LEAST: Duration = Duration::from_secs(10 * 60);
/// The longest final call: everybody looks at a phone once a day.
pub const FINAL_CALL_MOST: Duration = Duration::from_secs(24 * 3_600);
/// Milliseconds between two readings of the clocks that count as watched: five purges. More was sleep.
pub const WATCH_STEP_MS: u64 = 5 * 60 * 1_000;
/// Milliseconds after which the time is written without anything else to write. A crash forgets no more.
pub const TIME_KEPT_MS: u64 = 5 * 60 * 1_000;
/// Between two purges; also about how much later than its time a chat is called or destroyed.
pub const PURGE_INTERVAL: Duration = Duration::from_secs(60);
/// Between two looks whether the files of the store are still there.
pub const FILES_INTERVAL: Duration = Duration::from_secs(60);
/// Between two looks at the house's own certificate: about how long a new address has none.
pub const RENEWAL_INTERVAL: Duration = Duration::from_secs(60);
/// A job runs by itself so long after its interval if nobody called it: the schedule's clock may stop.
pub const RING_PATIENCE: Duration = Duration::from_secs(3 * 60);
/// What one transaction of the purge does: few chats, so that nobody waits long behind it.
pub const PURGE_ACTIONS_MAX: usize = 16;
/// Chats that one purge may destroy, however few there are.
pub const PURGE_CHATS_MAX: usize = 3;
/// Of how many chats one purge may destroy one, where that is more: a fifth. A household does not forget
/// more of its chats in the same minute; a mistake does.
pub const PURGE_CHATS_PART: usize = 5;
/// How long a purge that would have destroyed too much is held, watched: so that the host can look.
pub const PURGE_HELD_MS: u64 = 24 * 3_600 * 1_000;
/// Milliseconds in which nothing was destroyed before the store is rewritten: who signs out one device or
/// ends one chat often goes on with the next.
pub const COMPACT_QUIET_MS: u64 = 60 * 1_000;
/// Milliseconds between two times that it is rewritten: a flash card wears.
pub const COMPACT_AGAIN_MS: u64 = 10 * 60 * 1_000;
/// Bytes that this may write in a day before what was destroyed has to wait: in a household it is never
/// reached, and a card of 32 GB and 1,000 rewrites lasts for more than a hundred years at this.
pub const COMPACT_BYTES_A_DAY: u64 = 500_000_000;
/// Milliseconds after which what was destroyed leaves the file whatever that writes; also that day.
pub const COMPACT_LATEST_MS: u64 = 24 * 3_600 * 1_000;
/// Milliseconds that messages which vanished by themselves may lie in free pages: they were to be read by
/// everybody in the chat until a moment ago.
pub const COMPACT_VANISHED_MS: u64 = 6 * 3_600 * 1_000;
/// Messages that are copied in one transaction: about 3 MB, so that no sync of the writer waits long for it.
pub const COMPACT_ROWS: usize = 10_000;
/// Messages whose time is over that are removed in one transaction: a sync for each would wear a card out,
/// and nobody waits long behind a few hundred.
pub const PURGE_VANISHED_AT_ONCE: usize = 256;
/// Messages that one run of the purge removes because their time is over; the next run removes more.
pub const PURGE_VANISHED_MAX: usize = 10_000;
/// Tombstones that one purge forgets.
pub const PURGE_TOMBSTONES_MAX: usize = 1_000;
/// Milliseconds for which a synchronised wall clock is behind the latest trusted one before it is that
/// one that was wrong: a clock that is wrong is mostly set right within a day.
pub const TRUST_AGAIN_MS: u64 = 24 * 3_600 * 1_000;

/// Attempts that wait for argon2, in each of the lines for entering, replacing and starting; more is "busy".
/// The last of all three waits for three seconds, and for twenty where a code takes 100 ms.
pub const STRETCH_QUEUE_MAX: usize = 64;
/// How many of them may be of one address block: a quarter, a class that comes in at once.
pub const STRETCH_SHARE_MAX: usize = STRETCH_QUEUE_MAX / 4;
/// Turns at once: while one code is stretched, the next try is charged.
pub const STRETCHES_AT_ONCE: usize = 2;
/// When a person who was told "busy" may try again: half of a full line is through by then.
pub const STRETCH_AGAIN: Duration = Duration::from_secs(2);
/// Bytes of a code as it is typed or pasted: it may come with its label and a sentence around it.
pub const CODE_TYPED_BYTES_MAX: usize = 256;
/// argon2id memory in KiB: OWASP's first choice for argon2id.
pub const STRETCH_KIB: u32 = 19 * 1024;
/// argon2id memory bounds for what a record may ask for, in KiB.
pub const STRETCH_KIB_RANGE: (u32, u32) = (8 * 1024, 256 * 1024);
pub const STRETCH_PASSES: u32 = 2;
/// argon2id passes that a record may ask for.
pub const STRETCH_PASSES_MAX: u32 = 16;

/// argon2id memory in KiB for the passphrase of a backup. RFC 9106 (section 4) recommends 64 MiB and 3 passes
/// where memory is scarce, and a Pi Zero has it. Anybody who has the file can try passphrases, so one attempt
/// costs five times as much as for a code; the host pays that once in a while.
pub const BACKUP_STRETCH_KIB: u32 = 64 * 1024;
/// argon2id passes for the passphrase of a backup.
pub const BACKUP_STRETCH_PASSES: u32 = 3;
/// Characters (Unicode scalar values) of a passphrase: NIST SP 800-63B (section 5.1.1.2) takes no fewer.
pub const PASSPHRASE_CHARS_MIN: usize = 8;
/// Bytes of a passphrase: a page of text is not typed, it is the wrong file.
pub const PASSPHRASE_BYTES_MAX: usize = 1_024;
/// Bytes that are sealed at once in a backup: one part is in memory at a time, and its tag of 16 bytes is
/// little.
pub const BACKUP_PART_BYTES: usize = 64 * 1024;
/// Bytes of one record in a backup: the largest is what is known of the producers of a group, of which each
/// device of each of its people may have several.
pub const BACKUP_RECORD_BYTES_MAX: usize = 4 * 1024 * 1024;
/// Bytes of messages that a backup reads from the store at once: a few milliseconds, and what is in memory.
pub const BACKUP_READ_BYTES: usize = 256 * 1024;
/// Chats of which a backup looks at once whether they are still there.
pub const BACKUP_CHATS_AT_ONCE: usize = 1_000;
/// Bytes of rows that one transaction of a restore writes: what is in memory, beside the cache.
pub const RESTORE_WRITE_BYTES: usize = 4 * 1024 * 1024;
/// Key slots that the whole house has: one for each chat, each invite, and each device's seat. A budget,
/// because all that people and devices could multiply to would be gigabytes. Enough for as many chats as
/// there may be, of two people with three devices each. At 64 bytes, 64 MB, which a backup reads at once.
pub const SLOTS_MAX: usize = 1_000_000;
/// Slots that one file may have: a replaced invite holds two for as long as a transaction takes.
pub const SLOT_NUMBERS_MAX: usize = SLOTS_MAX + 2 * WRITER_BATCH_MAX;

/// Wrong codes on one invite that cost no waiting.
pub const GUESSES_FREE: u32 = 5;
/// Wrong codes in a row after which an invite admits no new device.
pub const GUESSES_MAX: u32 = 100;
/// The wait after the first guess that is not free; it doubles with each.
pub const GUESS_WAIT_FIRST: Duration = Duration::from_secs(30);
/// The longest wait between two guesses.
pub const GUESS_WAIT_MAX: Duration = Duration::from_secs(3_600);
/// Wrong codes of one address (/32, /64) within [`GUESS_ADDRESS_WINDOW`].
pub const GUESSES_PER_ADDRESS_MAX: u32 = 20;
/// The window of [`GUESSES_PER_ADDRESS_MAX`].
pub const GUESS_ADDRESS_WINDOW: Duration = Duration::from_secs(3_600);
/// Addresses whose wrong codes are remembered.
pub const GUESS_ADDRESSES_MAX: usize = 4_096;

/// Connections of the admin socket: one person at a shell, a script and a scraper.
pub const ADMIN_CONNECTIONS_MAX: usize = 8;
/// Bytes of a line that the host asks with: two names and some room.
pub const ADMIN_LINE_BYTES_MAX: usize = 64 * 1024;
/// A question must be here by then, and each part of an answer taken by then.
pub const ADMIN_DEADLINE: Duration = Duration::from_secs(10);
/// How long the command line waits for an answer that needs no rewriting or copying of the store.
pub const ADMIN_ANSWER_DEADLINE: Duration = Duration::from_secs(30);
/// How long the command line waits for a part of another answer: rewriting a large store takes a while.
pub const ADMIN_PATIENCE: Duration = Duration::from_secs(600);
/// Bytes of one chunk of a backup, on its way from the house to the command.
pub const BACKUP_CHUNK_BYTES: usize = 64 * 1024;
/// Such chunks that wait for a command that is slow: 512 KiB.
pub const BACKUP_CHUNKS_MAX: usize = 8;
/// Bytes that must be free before a new chat is started: a chat that begins shall also be able to go on.
pub const START_ROOM_BYTES: u64 = 16 * 1024 * 1024;
/// Bytes that are free on a disk that is nearly full: what a household says in a year, ten times over.
pub const FREE_BYTES_FEW: u64 = 200_000_000;
/// Bytes written a day above which a flash card wears out too soon: one of 32 GB and 1,000 rewrites lasts
/// for about ten years at this.
pub const WRITTEN_BYTES_A_DAY_MANY: u64 = 8_000_000_000;
/// So long before its end the doctor says that a certificate ends which somebody else renews: certbot renews
/// thirty days before, and tries twice a day.
pub const CERTIFICATE_LEFT_FEW: Duration = Duration::from_secs(14 * DAY);
/// Names of the house that visitors use, as far as the doctor remembers them.
pub const VISITED_NAMES_MAX: usize = 16;
/// Addresses that send what a proxy does, as far as the doctor remembers: a household has one or two.
pub const WAYS_MAX: usize = 16;

/// From the signal to the end of the process; systemd's default patience is 90 s, a person's is five.
pub const STOP_DEADLINE: Duration = Duration::from_secs(4);

/// Bytes of a settings file: the example, which explains everything, is a tenth.
pub const CONFIG_BYTES_MAX: u64 = 64 * 1024;

/// Bytes of the path of the admin socket: Linux has 108 for it, and the last ends it (unix(7)).
pub const SOCKET_PATH_BYTES_MAX: usize = 107;

/// Bytes of a PEM file: a chain of ten certificates is a third.
pub const PEM_BYTES_MAX: u64 = 64 * 1024;
/// How long the house's own authority is good: every device has to be told of a new one.
pub const AUTHORITY_LIFE: Duration = Duration::from_secs(10 * 365 * DAY);
/// So long before its end the log says that the authority ends, at each start and each renewal.
pub const AUTHORITY_END_TOLD: Duration = Duration::from_secs(365 * DAY);
/// How long a certificate that it signs is good. Browsers take no more than 398 days, and Mozilla's guideline
/// for servers is 366.
pub const LEAF_LIFE: Duration = Duration::from_secs(365 * DAY);
/// A certificate is renewed when this much is left of it: a house that was off over a winter still has one.
pub const LEAF_LEFT: Duration = Duration::from_secs(180 * DAY);
/// A certificate begins this much before it was made: the clock of a phone may be behind.
pub const BACKDATED: Duration = Duration::from_secs(DAY);
/// Names and addresses in one certificate; a machine that has more is no household's.
pub const LEAF_NAMES_MAX: usize = 64;
/// When this was written, in milliseconds since 1970: 2026-01-01. A build that says it is older does not know
/// when it was made, as reproducible ones may.
pub const WRITTEN_AT_MS: u64 = 1_767_225_600_000;
/// A wall clock that is further ahead of the program's making than this is wrong, whatever it says of itself.
pub const CLOCK_AHEAD_MAX: Duration = Duration::from_secs(30 * 365 * DAY);
/// Between two times that the text of the service's state is made.
pub const STATUS_INTERVAL: Duration = Duration::from_secs(60);

/// Seconds of a day.
const DAY: u64 = 24 * 3_600;

const _: () = assert!(LEAF_LEFT.as_secs() < LEAF_LIFE.as_secs() && LEAF_LIFE.as_secs() <= 397 * DAY);
const _: () = assert!(HANDSHAKE_DEADLINE.as_secs() < REQUEST_DEADLINE.as_secs());
const _: () =
    assert!(MESSAGE_CHARS_MAX * 6 + 1_024 <= FRAME_BYTES_MAX, "a fully escaped message must fit a frame");
const _: () = assert!(FRAME_BYTES_MAX < BODY_BYTES_MAX && BODY_SMALL_BYTES < BODY_BYTES_MAX);
const _: () = assert!(BODY_BYTES_MAX * 16 <= BODIES_BYTES_MAX / BODIES_PART);
const _: () = assert!(HEAD_BYTES_MAX >= 8_192, "hyper takes no smaller buffer");
const _: () = assert!(ANSWER_DEADLINE.as_secs() < REQUEST_DEADLINE.as_secs());
const _: () = assert!(BODY_DEADLINE.as_secs() < ANSWER_DEADLINE.as_secs());
const _: () = assert!(MESSAGES_BURST == MESSAGES_PER_SECOND * MESSAGES_BURST_SECONDS);
const _: () = assert!(FRAME_BYTES_MAX < SOCKET_WRITE_BYTES_MAX);
const _: () = assert!(OUTBOX_BYTES_MAX >= FRAME_BYTES_MAX * 2 && OUTBOX_FRAMES_MAX >= WRITER_BATCH_MAX);
const _: () = assert!(PRODUCER_MESSAGES_MAX >= SOCKET_COMMANDS_MAX);
const _: () = assert!(PAGE_MESSAGES_DEFAULT <= PAGE_MESSAGES_MAX);
const _: () =
    assert!(PAGE_BYTES_MAX >= MESSAGE_BYTES_MAX && PAGE_BYTES_MAX * 6 + 100 * 256 < SOCKET_WRITE_BYTES_MAX);
/// What the list of people weighs beside their names: ids, counters, times.
const PERSON_BYTES: usize = 256;
const _: () = assert!(GROUP_NUMBERS_MAX * (NAME_BYTES_MAX + PERSON_BYTES) < SOCKET_WRITE_BYTES_MAX);
const _: () = assert!(GROUP_NUMBERS_MAX * (NAME_BYTES_MAX + PERSON_BYTES) < BACKUP_RECORD_BYTES_MAX);
const _: () = assert!(GROUP_PEOPLE_MAX * (NAME_BYTES_MAX + 8) < ADMIN_LINE_BYTES_MAX);
const _: () = assert!(ENTER_MESSAGES_MAX <= PAGE_MESSAGES_MAX && ENTER_TEXT_BYTES_MAX <= PAGE_BYTES_MAX);
const _: () =
    assert!(MESSAGE_BYTES_MAX <= ENTER_TEXT_BYTES_MAX, "the newest message is always in the answer");
const _: () = assert!(
    (PURGE_INTERVAL.as_secs() + RING_PATIENCE.as_secs()) * 1_000 < WATCH_STEP_MS,
    "what is purged in time is watched whole"
);
const _: () = assert!(FINAL_CALL_LEAST.as_secs() < FINAL_CALL_MOST.as_secs());
const _: () = assert!(COMPACT_BYTES_A_DAY < WRITTEN_BYTES_A_DAY_MANY);
const _: () = assert!(CHATS_MAX * (1 + PAIR_PEOPLE * (1 + 3)) <= SLOTS_MAX);
const _: () = assert!(PING_INTERVAL.as_secs() * 2 < SILENCE_DEADLINE.as_secs());
const _: () = assert!(FAREWELL_DEADLINE.as_secs() < STOP_DEADLINE.as_secs());
const _: () = assert!(STUCK_DEADLINE.as_secs() < WRITE_DEADLINE.as_secs());
const _: () = assert!(STRETCH_KIB >= STRETCH_KIB_RANGE.0 && STRETCH_KIB <= STRETCH_KIB_RANGE.1);
const _: () =
    assert!(BACKUP_STRETCH_KIB <= STRETCH_KIB_RANGE.1 && BACKUP_STRETCH_PASSES <= STRETCH_PASSES_MAX);
const _: () = assert!(BACKUP_RECORD_BYTES_MAX > MESSAGE_BYTES_MAX + 1_024, "a message must fit a record");
const _: () = assert!(STRANGERS_MAX < CONNECTIONS_PER_ADDRESS_MAX * 2 && STRANGERS_MAX < CONNECTIONS_MAX);
const _: () = assert!(HELLO_GRACE.as_millis() < HELLO_DEADLINE_SHORT.as_millis());
const _: () = assert!(HELLO_DEADLINE_SHORT.as_secs() < HELLO_DEADLINE.as_secs());
