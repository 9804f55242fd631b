// Warns while somebody types a recovery phrase, a key or a card number into a form, before anything
// is sent. It knows the obvious forms only: the server takes out what it finds, whatever is sent.
//
// A form with `data-guard` has a text area, a `[data-leak]` warning with a `[data-leak-remove]`
// button, and may read `text.dataset.leak`: `found` (a secret), `likely` (perhaps the beginning of
// one) or nothing. Until it is empty, no other script sends the text.

// English list words; those that also carry ordinary sentences stand behind the bar.
const [RARE, COMMON] = "{{words}}".split("|").map((words) => new Set(words.split(" ")));

// List words in a row: ordinary English never has as many.
const PHRASE_WORDS = 12;
// In a row from which a text is not sent by itself: part of a phrase, and rare words at the end of
// the text, where a phrase may be growing.
const PART_WORDS = 8;
const OPEN_WORDS = 4;
const GAP_CHARACTERS = 40;
const KEY_WORDS = /priv(ate)?[\s_-]?key|secret[\s_-]?key|\bkey\b|\bseed\b|私钥|私鑰|密钥|密鑰|秘钥/i;
const TAKEN_OUT = "[…]";

// Where list words stand in a row, with nothing but signs, numbers and one other word between.
function phrases(text) {
  const found = [];
  let run = null, likely = false;
  const end = () => {
    const prose = run && run.common * 3 > run.words;
    if (run && !prose && run.words + run.others >= PHRASE_WORDS && run.words >= PHRASE_WORDS - 1) found.push([run.start, run.end]);
    else if (run && !prose && run.words >= PART_WORDS) likely = true;
    run = null;
  };
  for (const match of text.matchAll(/[a-z]+|\p{Script=Han}+/giu)) {
    const word = match[0].toLowerCase();
    const after = match.index + match[0].length;
    const common = COMMON.has(word);
    if (run && match.index - run.reach > GAP_CHARACTERS) end();
    if (common || RARE.has(word)) {
      run ??= { start: match.index, words: 0, common: 0, others: 0 };
      run.words += 1;
      run.common += common ? 1 : 0;
      run.end = run.reach = after;
    } else if (run && run.words > 2 && run.others < 1 && /^[a-z]{2,}$/.test(word)) {
      // A slip, or a word that is still being typed.
      run.others += 1;
      run.reach = after;
    } else {
      end();
    }
  }
  // The last run may go on.
  likely ||= run !== null && run.words - run.common >= OPEN_WORDS && text.length - run.reach <= GAP_CHARACTERS;
  end();
  return { found, likely };
}

// Chinese list words are single characters, so they are told by standing apart.
function characters(text) {
  const apart = /(?<!\p{Script=Han})(?:\d{0,2}[.)、:：\s]*\p{Script=Han}[\s,，、/|.;；-]+){11,}(?:\d{0,2}[.)、:：\s]*)\p{Script=Han}(?!\p{Script=Han})/gu;
  return [...text.matchAll(apart)].map((match) => [match.index, match.index + match[0].length]);
}

function keys(text) {
  const found = [];
  const take = (pattern, accept = () => true) => {
    for (const match of text.matchAll(pattern)) {
      if (accept(match)) found.push([match.index, match.index + match[0].length]);
    }
  };
  const base58 = "[1-9A-HJ-NP-Za-km-z]";
  take(new RegExp(`\\b[xyztuv]prv${base58}{60,}`, "gi"));
  take(new RegExp(`\\b(5${base58}{50}|[KLc]${base58}{51}|6P${base58}{56})\\b`, "g"), ([key]) => /\d/.test(key) && /[a-z]/.test(key));
  take(/\bS[A-Z2-7]{55}\b/g);
  take(/-----BEGIN [A-Z ]*PRIVATE KEY-----[^]*?(-----END [A-Z ]*-----|$)/g);
  const keystore = text.search(/"ciphertext"/i), open = text.indexOf("{");
  if (keystore >= 0 && open >= 0 && open < keystore) found.push([open, Math.max(keystore + 12, text.lastIndexOf("}") + 1)]);
  // A transaction hash looks the same; only a word before it tells.
  take(/\b(0x)?[0-9a-f]{64}\b/gi, (match) => KEY_WORDS.test(text.slice(Math.max(0, match.index - 40), match.index)));
  return found;
}

function cards(text) {
  const found = [];
  for (const match of text.matchAll(/(?<![\w.-])[2-6]\d{3}[ -]?\d{4,6}[ -]?\d{4,5}([ -]?\d{3,4})?(?![\w-])/g)) {
    const digits = match[0].replace(/\D/g, "");
    const issued = digits.length >= 16 ? /^[2-6]/ : digits.length === 15 ? /^3[47]/ : /^3[068]/;
    if (digits.length <= 19 && issued.test(digits) && luhn(digits)) found.push([match.index, match.index + match[0].length]);
  }
  return found;
}

function luhn(digits) {
  let sum = 0;
  [...digits].reverse().forEach((digit, place) => {
    const value = place % 2 ? digit * 2 : Number(digit);
    sum += value > 9 ? value - 9 : value;
  });
  return sum % 10 === 0;
}

// Full-width letters and digits as half-width ones: one character each, so places stay the same.
function plain(text) {
  return text.replace(/[\uFF01-\uFF5E]/g, (c) => String.fromCharCode(c.charCodeAt(0) - 0xFEE0)).replace(/\u3000/g, " ");
}

// Where secrets stand in a text, from the last to the first, and whether one may be on its way.
export function secrets(written) {
  const text = plain(written);
  const { found, likely } = phrases(text);
  const all = [...found, ...characters(text), ...keys(text), ...cards(text)].sort((a, b) => b[0] - a[0]);
  return { ranges: all, likely };
}

function guard(form) {
  const text = form.querySelector("textarea");
  const warning = form.querySelector("[data-leak]");
  let allowed = false;

  function look() {
    const { ranges, likely } = secrets(text.value);
    text.dataset.leak = ranges.length ? "found" : likely ? "likely" : "";
    warning.hidden = !ranges.length;
    if (ranges.length) text.setAttribute("aria-invalid", "true");
    else text.removeAttribute("aria-invalid");
    allowed &&= ranges.length > 0;
  }

  // Before other scripts, so that they see what was found.
  text.addEventListener("input", look, true);
  form.querySelector("[data-leak-remove]").addEventListener("click", () => {
    for (let ranges = secrets(text.value).ranges; ranges.length; ranges = secrets(text.value).ranges) {
      const [start, end] = ranges[0];
      text.value = text.value.slice(0, start) + TAKEN_OUT + text.value.slice(end);
    }
    text.dispatchEvent(new Event("input", { bubbles: true }));
    text.focus();
  });
  // The first time it is held back; who sends it again has read the warning.
  form.addEventListener("submit", (event) => {
    look();
    if (text.dataset.leak !== "found" || allowed) return;
    event.preventDefault();
    event.stopImmediatePropagation();
    allowed = true;
    warning.querySelector("button").focus();
  }, true);
  look();
}

if (typeof document !== "undefined") document.querySelectorAll("form[data-guard]").forEach(guard);
