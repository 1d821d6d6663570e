// Why a request over HTTP was not answered: the house said no, could not be reached, or something else
// answered in its place. Stateless.

/**
 * Why the house said no, or that it could not be reached (`unreachable`), or that something else answered in
 * its place (`login`, `between`).
 */
export class Refusal extends Error {
  /**
   * @param {{code: string, detail?: string, status?: number, retry_after?: number, place?: number}
   *   & ChatEnding} problem
   */
  constructor(problem) {
    super(problem.detail ?? "");
    this.code = problem.code;
    this.status = problem.status ?? 0;
    /** Seconds to wait. */
    this.retryAfter = problem.retry_after;
    /** Which of the names is the bad one, from 1. */
    this.place = problem.place;
    /** @type {ChatEnding} */
    this.ending = { at: problem.at, by: problem.by, messages: problem.messages, me: problem.me };
  }
}

/** What the house says where its question was changed on its way. */
const CHANGED = new Set(["wrong_host", "wrong_origin"]);

/** @param {Response} answer */
export async function refusalOf(answer) {
  const problem = await answer.json().catch(() => ({}));
  const isOurs = typeof problem?.code === "string";
  if (!isOurs) return new Refusal({ code: strangerCode(answer), status: answer.status });
  if (CHANGED.has(problem.code)) return new Refusal({ ...problem, code: "between" });
  return new Refusal({ status: answer.status, ...problem });
}

/** The house answers with pages to nobody who asks for JSON. @param {Response} answer */
export function isPage(answer) {
  return answer.headers.get("Content-Type")?.startsWith("text/html") ?? false;
}

/**
 * Somebody else answered: who asks for a login, who found no house behind it, or who changes what passes.
 * @param {Response} answer
 */
function strangerCode({ type, status }) {
  if (type === "opaqueredirect" || status === 401 || status === 407) return "login";
  if (status === 429) return "busy";
  return status >= 502 && status <= 504 ? "unreachable" : "between";
}
