// The time as the house has it, by which "Today" and "Yesterday" are said: a device's clock may be wrong.
//
// Holds how far this device's clock is from the house's, as far as the house has told its time.

let aheadMs = 0;

/** The house says what time it is; over HTTP it does not. @param {string | undefined} at */
export function setHouseTime(at = "") {
  const told = Date.parse(at);
  if (!Number.isNaN(told)) aheadMs = Date.now() - told;
}

/** @returns {Date} */
export function houseNow() {
  return new Date(Date.now() - aheadMs);
}
