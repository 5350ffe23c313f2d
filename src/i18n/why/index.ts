/** Why each decision was taken, in the reader's language; one language at a time is loaded. */
import type { Decision } from '../../sim/trace/index.ts';
import type { Language } from '../languages.ts';
import { type Piece, rich, type Values } from '../rich.ts';
import type { CiliumWords, EgressWords, KernelWords, PolicyWords, WhyWords } from './types.ts';

export type { At, CiliumWords, EgressWords, KernelWords, PolicyWords, WhyWord, WhyWords } from './types.ts';

/** Words of one language, loaded when asked for. The imports are literal: the build splits on them. */
export async function loadKernelWhy(language: Language): Promise<KernelWords> {
	switch (language) {
		case 'fr':
			return (await import('./fr.ts')).why;
		case 'zh':
			return (await import('./zh.ts')).why;
		case 'ko':
			return (await import('./ko.ts')).why;
		case 'en':
			return (await import('./en.ts')).why;
	}
}

/** What Cilium's programs give as reasons. */
export async function loadCiliumWhy(language: Language): Promise<CiliumWords> {
	switch (language) {
		case 'fr':
			return (await import('./cilium/fr.ts')).why;
		case 'zh':
			return (await import('./cilium/zh.ts')).why;
		case 'ko':
			return (await import('./cilium/ko.ts')).why;
		case 'en':
			return (await import('./cilium/en.ts')).why;
	}
}

/** What the egress gateway gives as reasons. */
export async function loadEgressWhy(language: Language): Promise<EgressWords> {
	switch (language) {
		case 'fr':
			return (await import('./egress/fr.ts')).why;
		case 'zh':
			return (await import('./egress/zh.ts')).why;
		case 'ko':
			return (await import('./egress/ko.ts')).why;
		case 'en':
			return (await import('./egress/en.ts')).why;
	}
}

/** What network policies give as reasons. */
export async function loadPolicyWhy(language: Language): Promise<PolicyWords> {
	switch (language) {
		case 'fr':
			return (await import('./policy/fr.ts')).why;
		case 'zh':
			return (await import('./policy/zh.ts')).why;
		case 'ko':
			return (await import('./policy/ko.ts')).why;
		case 'en':
			return (await import('./policy/en.ts')).why;
	}
}

/** Every reason: for the build, the lab and tests. */
export async function loadWhy(language: Language): Promise<KernelWords & CiliumWords & EgressWords & PolicyWords> {
	return {
		...(await loadKernelWhy(language)),
		...(await loadCiliumWhy(language)),
		...(await loadEgressWhy(language)),
		...(await loadPolicyWhy(language)),
	};
}

/** The sentence for a decision's reason, in pieces. An unknown code (a trace of another version) gives its code. */
export function tellWhy(words: WhyWords, decision: Decision, language: Language): Piece[] {
	const { why } = decision;
	const word = words[why.code] as string | ((p: unknown, at: Decision) => string) | undefined;
	if (word === undefined) return [{ kind: 'code', text: why.code }];
	const template = typeof word === 'function' ? word(why, decision) : word;
	return rich(template, why as unknown as Values, language);
}
