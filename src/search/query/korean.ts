import { type Alternative, phrase, type Term } from './term.ts';

/** Question words and the like: they say little about what is looked for. */
const FAINT = new Set(
	'왜 어디 어디서 어디로 어떻게 무엇 무엇을 무엇이 뭐 언제 누가 및 등 것 수 때 그 이 저 할 한 하는 하기 있는 없는'.split(
		' ',
	),
);

/** Particles and endings, longest first: what a noun or a verb's stem carries in a question. */
export const ENDINGS =
	'으로부터 에서부터 이라는 했습니까 합니까 습니까 입니까 됩니까 에서는 에게서 으로는 하는가 되는가 인가요 하나요 되나요 나요 는지 은지 할까 될까 일까 으로 에서 에게 부터 까지 보다 처럼 마다 라는 하는 되는 하기 되기 하면 되면 하고 되고 해서 되어 이나 에는 에도 들은 들이 들을 들의 은 는 이 가 을 를 에 로 와 과 의 도 만 나 들 란'.split(
		' ',
	);

const SYLLABLES = 0xac00;
const FINALS = 28;
/** Finals a stem's last syllable takes before an ending: ㄴ ㄹ ㅁ ㅂ ㅆ (바뀌- : 바뀐, 바뀔, 바뀜, 바뀝, 바뀠). */
const INFLECTED = [4, 8, 16, 17, 20];

/** The same stem with the other finals its last syllable may take; empty when it ends in a final of another kind. */
function inflections(stem: string): string[] {
	const code = stem.charCodeAt(stem.length - 1) - SYLLABLES;
	if (code < 0 || code >= 11172) return [];
	const final = code % FINALS;
	if (final !== 0 && !INFLECTED.includes(final)) return [];
	const open = code - final;
	return [0, ...INFLECTED]
		.filter((other) => other !== final)
		.map((other) => stem.slice(0, -1) + String.fromCharCode(SYLLABLES + open + other));
}

/**
 * A run of Hangul. Each syllable is a word of the index, so a run is a phrase, found inside compounds and however
 * they are spaced; then without its particle or ending; then ever shorter; then its stem inflected otherwise.
 */
export function koreanTerm(run: string): Term {
	const weight = FAINT.has(run) ? 0.2 : 1;
	const factors = new Map<string, number>([[run, 1]]);
	const add = (text: string, factor: number): void => {
		if (text.length >= 2 && (factors.get(text) ?? 0) < factor) factors.set(text, factor);
	};
	const ending = ENDINGS.find((candidate) => run.endsWith(candidate) && run.length > candidate.length + 1);
	const stem = ending ? run.slice(0, -ending.length) : run;
	add(stem, 0.98);
	const shortest = Math.max(2, Math.ceil(stem.length / 2));
	for (let length = stem.length - 1; length >= shortest; length--)
		add(stem.slice(0, length), 0.8 * (length / stem.length) ** 2);
	for (const base of [stem, stem.slice(0, -1)].filter((text) => text.length >= 2 && text.length <= 4))
		for (const other of inflections(base)) add(other, 0.6 * (base.length / stem.length));
	const alternatives: Alternative[] = [...factors].map(([text, factor]) => ({ ask: phrase(text), factor }));
	return { alternatives, weight: run.length === 1 ? Math.min(weight, 0.3) : weight };
}
