/**
 * Every reason a decision may give, with the parameters its sentence needs. `src/i18n/why` must have words for
 * each in every language: the compiler holds it. Add a code where you add a behaviour; keep the list sorted.
 */
export interface WhyParams {
	/** An ARP request was sent for an address nobody answered for yet. */
	'arp.asked': { ip: string; dev: string };
	/** This namespace owns the address and answers. */
	'arp.answered': { ip: string; mac: string };
}

export type WhyCode = keyof WhyParams;
export type Why = { [C in WhyCode]: { readonly code: C } & Readonly<WhyParams[C]> }[WhyCode];
