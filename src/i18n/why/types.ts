import type { Decision, WhyCode, WhyParams } from '../../sim/trace/index.ts';

/** Where a decision was taken: some reasons are better told when the chain is known. */
export type At = Pick<Decision, 'chain' | 'table' | 'hook' | 'entry'>;

/**
 * Words for one reason: a template of `rich.ts`, or a function that picks one by the parameters and the place. One
 * or two sentences: what was looked up, what decided, and why it had to be so.
 */
export type WhyWord<C extends WhyCode> = string | ((params: Readonly<WhyParams[C]>, at: At) => string);

type EgressCode = Extract<WhyCode, `cilium.egw-${string}`>;
type PolicyCode = Extract<WhyCode, `cilium.policy-${string}` | `kindnet.policy-${string}`>;
/** Programs at devices and tunnels are Cilium's in every figure; the lab, which may have others, has all words. */
type CiliumCode = Exclude<
	Extract<WhyCode, `cilium.${string}` | `program.${string}` | `tunnel.${string}` | `xdp.${string}`>,
	EgressCode | PolicyCode
>;

/** Words for every reason of the kernel's own path; a missing one does not compile. Keys sorted. */
export type KernelWords = { readonly [C in Exclude<WhyCode, CiliumCode | EgressCode | PolicyCode>]: WhyWord<C> };

/** Words for the reasons of Cilium's programs and tunnels: fetched with them. */
export type CiliumWords = { readonly [C in CiliumCode]: WhyWord<C> };

/** Words for the egress gateway's, which the browser's simulator has not. */
export type EgressWords = { readonly [C in EgressCode]: WhyWord<C> };

/** Words for network policies', which the browser's figures have not. */
export type PolicyWords = { readonly [C in PolicyCode]: WhyWord<C> };

/** Words at hand: the kernel's always, Cilium's when they were fetched. */
export type WhyWords = KernelWords & Partial<CiliumWords & EgressWords & PolicyWords>;

/** kube-proxy's per-service chains end in a hash: what they do is in the part before it. */
export function chainKind(chain: string | undefined): string {
	return (chain ?? '').replace(/^(KUBE-(?:SVC|SVL|EXT|SEP|FW|XLB))-[A-Z2-7]{16}$/, '$1');
}

/** The words of the chain's kind; Cilium's own chains share one entry. */
export function byChain(chain: string | undefined, words: Readonly<Record<string, string>>, other: string): string {
	const kind = chainKind(chain);
	if (Object.hasOwn(words, kind)) return words[kind]!;
	if (kind.startsWith('CILIUM_') && words.CILIUM !== undefined) return words.CILIUM;
	return other;
}
