// The two times that the people of a chat agree on: how long messages stay (its timer), and how long the chat
// may go unused (its idle time). Stateless.

/** @typedef {import("./chat.js").Chat} Chat */
/** @typedef {Pick<import("./api.js").Api, "house" | "setTimer" | "setIdle">} AgreeingApi */
/** @typedef {"timer" | "idle"} AgreedTime */

/**
 * - now: what is agreed
 * - choices: what the house offers
 * - set: another choice, for everybody
 * @type {Record<AgreedTime, {
 *   now: (chat: Pick<Chat, "vanishAfter" | "idle">) => string,
 *   choices: (api: AgreeingApi) => Promise<string[]>,
 *   set: (api: AgreeingApi, seat: string, choice: string) => Promise<unknown>,
 * }>}
 */
export const AGREED_TIMES = {
  timer: {
    now: ({ vanishAfter }) => vanishAfter,
    choices: async () => ["never", "1h", "1d", "1w", "4w"],
    set: (api, seat, choice) => api.setTimer(seat, choice),
  },
  idle: {
    now: ({ idle }) => idle,
    choices: async (api) => (await api.house()).idles,
    set: (api, seat, choice) => api.setIdle(seat, choice),
  },
};
