// What a person does with their group besides talking: each request to the house, and what the page must know
// before it offers one.
//
//   const actions = new GroupActions(api, session);
//   await actions.setRole("3", "guest");   throws the house's Refusal
//
// Loaded with the dialogs. It keeps nothing: what became true comes as an event of the chat.
import { ROLES } from "./deeds.js";

/** @typedef {import("./chat.js").Chat} Chat */

export class GroupActions {
  #api;
  #session;

  /**
   * @param {Pick<import("./api.js").Api, "run">} api
   * @param {Pick<import("./chat-session.js").ChatSession, "seat" | "leave" | "end">} session
   */
  constructor(api, session) {
    this.#api = api;
    this.#session = session;
  }

  /**
   * @param {string} name
   * @param {Role} role
   * @param {boolean} history whether they may read what was said before
   * @returns {Promise<InviteAnswer>}
   */
  add(name, role, history) {
    return this.#run("POST", "people", { name, role, history });
  }

  /** @param {string} participant */
  remove(participant) {
    return this.#run("DELETE", `people/${participant}`);
  }

  /** @param {string} participant @param {Role} role */
  setRole(participant, role) {
    return this.#run("PUT", `people/${participant}/role`, { role });
  }

  /** Of oneself. @param {string} name */
  rename(name) {
    return this.#run("PUT", "name", { name });
  }

  /** What is left out stays. @param {{title?: string, about?: string}} changed */
  describe(changed) {
    return this.#run("PATCH", "group", changed);
  }

  /** @param {Group["writers"]} writers */
  setWriters(writers) {
    return this.#run("PUT", "writers", { writers });
  }

  /** @param {NonNullable<Group["roster"]>} roster */
  setRoster(roster) {
    return this.#run("PUT", "roster", { roster });
  }

  /** With all devices. The last one who goes ends the group. */
  leave() {
    const request = async () => {
      /** @type {ChatEnding | undefined} */
      const ending = await this.#run("POST", "leave", {});
      if (ending) this.#session.end(ending);
    };
    return this.#session.leave(request, "left_group");
  }

  /** @param {string} method @param {string} path @param {object} [body] */
  #run(method, path, body) {
    return this.#api.run(method, this.#session.seat, path, body);
  }
}

/**
 * Oneself first, and then everybody in the order in which they were let in: nobody's place changes with what
 * they do.
 * @param {Pick<Chat, "self" | "others">} chat
 */
export function peopleOf({ self, others }) {
  const byNumber = (/** @type {Participant} */ one, /** @type {Participant} */ other) =>
    Number(one.participant) - Number(other.participant);
  return [...(self ? [self] : []), ...[...others].sort(byNumber)];
}

/** Whether this person is shown everybody in the group. @param {Pick<Chat, "group" | "self">} chat */
export function seesEverybody({ group, self }) {
  return group?.roster !== "admins" || self?.role === "admin";
}

/** Nobody lets others read what they may not read themselves. @param {Pick<Chat, "self" | "since">} chat */
export function mayShowAll({ self, since }) {
  return self?.role === "admin" && since <= 1;
}

/**
 * What this role may do here, as the key of a sentence.
 * @param {Role} role
 * @param {Group | undefined} group
 */
export function sentenceOf(role, group) {
  if (role === "admin") return "group.may_admin";
  if (group?.writers !== "admins") return `group.may_${role}`;
  return role === "member" && group.roster !== "admins" ? "group.reads_member" : "group.reads";
}

/**
 * What becomes of the group when this person leaves: it ends, somebody else becomes admin, or neither. The
 * house decides by the same rule.
 * @param {Pick<Chat, "others">} chat
 * @returns {{isEnd: boolean, heir?: Participant}}
 */
export function afterLeaving({ others }) {
  const [heir] = [...others].sort((one, other) => rankOf(one) - rankOf(other));
  if (!heir) return { isEnd: true };
  // A link that was never used may be lost: who is expected counts only where nobody else is in.
  const able = heir.state === "in" ? others.filter(({ state }) => state === "in") : others;
  const hasAdmin = able.some(({ role }) => role === "admin");
  return hasAdmin ? { isEnd: false } : { isEnd: false, heir };
}

/** The first becomes admin: who is in, then by role, then by number. @param {Participant} person */
function rankOf({ state, role = "guest", participant }) {
  const byState = state === "in" ? 0 : ROLES.length;
  return (byState + ROLES.length - ROLES.indexOf(role)) * PLACES + Number(participant);
}

/** More than a group ever gives. */
const PLACES = 1_000;
