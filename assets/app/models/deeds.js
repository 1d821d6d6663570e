// What a person may do in a chat. Stateless.
//
//   mayDo("remove", chat)
//
// In a group it goes by the role; a test holds the table and docs/groups.md together. The house judges by the
// same one: this is for what the page offers.

/** In the order of the table. */
export const DEEDS = /** @type {const} */ ({
  write: "guest",
  react: "guest",
  stay: "guest",
  delete_others: "admin",
  set_times: "admin",
  replace_own: "member",
  replace: "admin",
  rename: "guest",
  add: "member",
  remove: "admin",
  set_role: "admin",
  describe: "admin",
  set_writers: "admin",
  set_roster: "admin",
  leave: "guest",
  end: "admin",
});

/** From the one that may do least. @type {Role[]} */
export const ROLES = ["guest", "member", "admin"];

/** What there is in a chat of two, where both may do the same. @type {Set<Deed>} */
const OF_PAIRS = new Set(["write", "react", "stay", "set_times", "replace_own", "replace", "end"]);

/** Who is let in and which names are taken would tell who is there. @type {Set<Deed>} */
const TELLS_WHO_IS_THERE = new Set(["add", "rename"]);

/** @typedef {keyof typeof DEEDS} Deed */

/**
 * @param {Deed} deed
 * @param {{group?: Group, self?: Participant}} chat
 */
export function mayDo(deed, { group, self }) {
  if (!group) return OF_PAIRS.has(deed);
  const { role } = self ?? {};
  const isWithheld =
    (deed === "write" && group.writers === "admins") ||
    (TELLS_WHO_IS_THERE.has(deed) && group.roster === "admins");
  return isAtLeast(role, isWithheld ? "admin" : DEEDS[deed]);
}

/** @param {Role | undefined} role @param {Role} least */
function isAtLeast(role, least) {
  return role !== undefined && ROLES.indexOf(role) >= ROLES.indexOf(least);
}

/** As what somebody may be let in: as what one is oneself, or less. @param {Role | undefined} role */
export function rolesToGive(role) {
  return ROLES.filter((one) => isAtLeast(role, one));
}
