// What crosses the wire, as docs/protocol.md says it, and what models are handed. Types only: this file is
// not shipped.

/** `by` is `clock`, `host` or a participant; `me` is the one who is told, `name` what the other is called. */
type ChatEnding = { at?: string; by?: string; messages?: number; me?: string; name?: string };

interface SeatRow {
  seat: string;
  /** Of a group. */
  title?: string;
  name: string;
  others: string[];
  head: number;
  unread: number;
  last_at?: string;
  /** When this device came in. */
  entered: string;
  idle: string;
  due: string;
}

interface HouseAnswer {
  version: string;
  may_start: boolean;
  idles: string[];
  idle_default: string;
  reach: "anywhere" | "network" | "device";
  /** What does not work, for the host, who sits at the machine of the house. */
  warnings?: { code: string; says: string; mend: string }[];
}

interface InviteAnswer {
  name: string;
  link: string;
  code: string;
  qr: string[];
}

interface ChatsAnswer {
  idle: string;
  reach: "anywhere" | "network" | "device";
  invites: InviteAnswer[];
}

interface EnterAnswer {
  device?: string;
  seat: string;
  name: string;
  others: string[];
  chat?: Opening;
}

/** One device of one's own seat. */
interface DeviceRow {
  device: string;
  this: boolean;
  since: string;
  last_here?: string;
}

/** A message as it is now: it is never changed where it is held, another takes its place. */
interface ChatMessage {
  seq: number;
  from: string;
  at: string;
  /** Only what somebody said has one. */
  id?: string;
  /** Missing where this version cannot show the message. */
  text?: string;
  note?: Note;
  /** The seq of the message that it answers. */
  reply_to?: number;
  /** How often its text was edited, and when that was last. */
  edits?: number;
  edited?: string;
  vanishes?: string;
  gone?: { by: string; at: string; stub?: boolean };
  /** Deleted by this person for themselves. */
  hidden?: boolean;
  reactions?: Reaction[];
  /** How many reacted whom this person is not shown. */
  reaction_counts?: { emoji: string; count: number }[];
  /** By which of one's own devices it was said, where the house is asked for its page. */
  device?: string;
  /** The number of its last change. */
  changed?: number;
}

/** Something happened in the chat: nobody said anything. */
interface Note {
  what: string;
  after?: string;
  idle?: string;
  participant?: string;
  history?: boolean;
  role?: Role;
  writers?: Group["writers"];
  roster?: Group["roster"];
}

interface Reaction {
  from: string;
  emoji: string;
}

interface Group {
  title: string;
  about: string;
  writers: "everybody" | "admins";
  /** Whom members and guests are shown, beside themselves. */
  roster?: "everybody" | "admins";
}

/** Of somebody in a group; what is left out is what it was. */
interface Person {
  participant: string;
  name?: string;
  role: Role;
  state: Standing;
  since?: number;
}

type Role = "admin" | "member" | "guest";
type Standing = "invited" | "in" | "left" | "removed";

interface Participant {
  participant: string;
  name: string;
  /** In a group. */
  role?: Role;
  state?: Standing;
  /** The first message that they may read, if that is not the first of all. */
  since?: number;
  came_in: boolean;
  here: boolean;
  last_here?: string;
  delivered: number;
  seen: number;
  tries: number;
}

/** The state of a chat, as one seat is told. */
interface SeatState extends Omit<Opening, "messages"> {
  seat: string;
  name: string;
}

interface NewsAnswer {
  incarnation: string;
  state: SeatState;
  messages: ChatMessage[];
  /** Whether there is more: ask again at once. */
  more: boolean;
  /** What was changed among the messages that are held, up to this change number. */
  changes?: ChatMessage[];
  changes_up_to?: number;
  /** Too much was changed: begin with the newest. */
  afresh?: boolean;
}

/** What the page says of itself when it connects. */
interface Greeting {
  device: string | undefined;
  /** The run of the store that this browser knows. */
  incarnation: string | undefined;
  /** What this device does not tell. */
  withholds: string[];
}

/** Over HTTP the house says none of this when it is greeted. */
interface Welcome {
  incarnation?: string;
  now?: string;
  seats?: { seat: string; chat: string }[];
}

/** What is new in one of this device's chats. */
type SeatNews = Pick<SeatRow, "seat" | "head" | "unread" | "last_at">;

/**
 * Where a chat that is opened begins: after a seq, with what was changed before it after a change number; or
 * with so many of the newest messages.
 */
type Beginning = { after: number; changed?: number } | { newest: number };

/** What a person does with a message that was said. */
type MessageCommand =
  | { of: "chat-edit"; seq: number; base: number; text: string }
  | { of: "chat-delete"; seq: number }
  | { of: "chat-hide"; seq: number }
  /** Without `emoji` the reaction is taken away. */
  | { of: "chat-react"; seq: number; emoji?: string };

/** Asks the house for it; `isLeaving`: the page may be gone in a moment. Throws why it was not done. */
type ChangeMessage = (command: MessageCommand, isLeaving?: boolean) => Promise<unknown>;

/** Why the house did not do what was asked. */
interface Refused {
  /** What was asked, as the type of its frame. */
  of: string;
  /** Of the message, if it was one that is sent, or one that was said. */
  id?: string;
  seq?: number;
  code: string;
  detail?: string;
  /** Seconds. */
  retryAfter?: number;
  ending: ChatEnding;
}

/** A link was replaced. */
interface Invited {
  participant: string;
  by: string;
  due: string;
}

/** The page's way to the house: what it asks. */
interface Transport {
  readonly isOpen: boolean;
  /** Over HTTP: it does the same more slowly. */
  readonly isSlow: boolean;
  /** So many messages may be sent and not answered. */
  readonly unansweredMax: number;
  /** From now on it tells these. */
  start(to: Receivers): void;
  close(): void;
  hello(greeting: Greeting): void;
  ping(): void;
  openChat(seat: string, from: Beginning): void;
  closeChat(seat: string): void;
  say(seat: string, id: string, text: string, replyTo?: number): void;
  change(seat: string, command: MessageCommand): void;
  page(seat: string, before: number, limit: number): void;
  delivered(seat: string, seq: number): void;
  seen(seat: string, seq: number): void;
  typing(seat: string): void;
  keep(seat: string): void;
  end(seat: string): void;
}

/** What a transport tells of itself. */
interface Line {
  opened(): void;
  heard(): void;
  welcomed(welcome: Welcome): void;
  cleared(): void;
  denied(refusal: Refused): void;
  left(): void;
  lost(): void;
}

/** What a transport tells of a chat. */
type SessionReceiver = Pick<
  import("./models/chat-session.js").ChatSession,
  | "opened"
  | "arrived"
  | "showsChange"
  | "changeDone"
  | "said"
  | "paged"
  | "reopen"
  | "invited"
  | "guessed"
  | "kept"
  | "refused"
  | "end"
> & {
  chat: Pick<
    import("./models/chat.js").Chat,
    | "setReceipt"
    | "setPresence"
    | "setPerson"
    | "setGroup"
    | "startTyping"
    | "setFinalCall"
    | "keep"
    | "reachChange"
  >;
};

/** Whom a transport tells something. */
interface Receivers {
  connection: Line;
  sessions: Pick<import("./models/session-registry.js").SessionRegistry, "welcomed" | "setIncarnation"> & {
    of(about: { seat?: string; chat?: string }): SessionReceiver[];
  };
  chatList: Pick<
    import("./models/chat-list.js").ChatList,
    "isShown" | "rows" | "refresh" | "welcomed" | "setNews" | "drop"
  >;
  /** Of those sessions, the one that is told just now. */
  session?: SessionReceiver;
}

/** A chat at the moment when its code was accepted. */
interface Opening {
  me: string;
  head: number;
  /** The first message that this person may read, if that is not the first of all. */
  since?: number;
  /** What a pair has not. */
  group?: Group;
  /** The number of its last change. */
  changed?: number;
  /** After how long what is said now vanishes, or `never`. */
  vanish?: string;
  idle: string;
  due: string;
  final_call?: string;
  participants: Participant[];
  messages: ChatMessage[];
}

interface OutboxEntry {
  /** Of the entry: the house never hears of it. */
  id: string;
  /** The document that it belongs to. */
  owner: string;
  /** The id of the message, from when it was first sent. */
  number?: string;
  text: string;
  /** The seq of the message that it answers. */
  reply_to?: number;
  order: number;
  at: string;
  /** What was done with it after it was sent: its new text, or that nobody shall have it. */
  edit?: string;
  isDeleted?: boolean;
  /** That, and the house had not taken it when all that was said was known: it is not sent again. */
  isAbandoned?: boolean;
  /** The house has it, and that is still to be done there. */
  seq?: number;
  state: "waiting" | "refused";
  /** Why it was refused. */
  code?: string;
  detail?: string;
}

type SentEntry = OutboxEntry & { number: string };

/** Whose a message is, and the id of its entry. */
type MessageKey = [owner: string, id: string];

type MessageRow = Omit<OutboxEntry, "text" | "edit"> & { text: Blob; edit?: Blob };

/** Where an Outbox keeps what waits. */
type OutboxStore = Pick<
  import("./models/local-store.js").LocalStore,
  "put" | "remove" | "look" | "adopt" | "wipe"
>;

/** A lock for each document of this browser that is there, by its name. */
interface DocumentLocks {
  isFree(owner: string): Promise<boolean>;
  whenFree(owner: string, then: () => Promise<void>): void;
}

/** Calls `then` after so many milliseconds; the answer calls it off. */
type Timer = (ms: number, then: () => void) => () => void;

/** A clock, and its timer. */
interface Clock {
  after: Timer;
  /** Milliseconds, as the house has the time. */
  now(): number;
}

interface SocketLike {
  readyState: number;
  send(text: string): void;
  close(code?: number): void;
  onopen: ((event: any) => void) | null;
  onmessage: ((event: any) => void) | null;
  onclose: ((event: any) => void) | null;
  onerror: ((event: any) => void) | null;
}

/** As much of a BroadcastChannel as is used. */
interface ChannelLike {
  postMessage(data: any): void;
  close(): void;
  onmessage: ((event: any) => void) | null;
}

interface WebStorage {
  /** Whether all that was set is kept; left out where that goes without saying. */
  readonly isKept?: boolean;
  getItem(key: string): string | null;
  setItem(key: string, value: string): void;
  removeItem(key: string): void;
}
