/** No parameters. */
type Nothing = Readonly<Record<never, never>>;

/**
 * Every reason a decision may give, with the parameters its sentence needs. `src/i18n/why` must have words for
 * each in every language: the compiler holds it. Add a code where you add a behaviour; keep the list sorted.
 */
export interface WhyParams {
	/** An ARP request was sent for an address nobody answered for yet. */
	'arp.asked': { ip: string; dev: string };
	/** This namespace owns the address and answers. */
	'arp.answered': { ip: string; mac: string };
	/** A packet of another flow took one of the tuples of this new connection first. */
	'ct.clash': Nothing;
	/** The connection is in the table now: its first packet got through. */
	'ct.created': Nothing;
	/** The packet belongs to a connection that is known and answered. */
	'ct.established': { direction: 'original' | 'reply' };
	/** The table is full and nothing in it may be dropped. */
	'ct.full': { max: number };
	/** The packet belongs to no connection and may not begin one. */
	'ct.invalid': Nothing;
	/** No connection has this tuple, or nothing came back on it yet. */
	'ct.new': Nothing;
	/** An ICMP error that quotes a packet of a known connection, or an answer the kernel made to one. */
	'ct.related': { direction: 'original' | 'reply' };
	/** The connection was translated when it began; its packets are rewritten from the entry, no rule is asked. */
	'ct.translated': { direction: 'original' | 'reply' };
	/** The rule matched and accepts. */
	'nf.accept': Nothing;
	/** The packet's mark was saved as the connection's. */
	'nf.connmark': { mark: string };
	/** The rule matched and has no target: it only counts. */
	'nf.count': Nothing;
	/** The rule matched and sends the packet to another address; `to` is `address:port`. */
	'nf.dnat': { to: string };
	/** The rule matched and drops. */
	'nf.drop': Nothing;
	/** No rule of the chain was left: back to the chain that jumped here. */
	'nf.end': { chain: string };
	/** The rule matched and jumps into another chain. */
	'nf.jump': { chain: string };
	/** The rule jumps in circles, or to a chain that is not there. */
	'nf.loop': { chain: string };
	/** The rule matched and set the packet's mark, which is now `mark`. */
	'nf.mark': { mark: string };
	/** The rule matched and hides the sender behind an address of the device it leaves by. */
	'nf.masquerade': { to: string; dev: string };
	/** The rule needs an address and the namespace has none to give. */
	'nf.no-address': { dev: string };
	/** The rule matched and takes the packet out of connection tracking. */
	'nf.notrack': Nothing;
	/** No rule of the built-in chain decided: its policy does. */
	'nf.policy': { chain: string; policy: 'ACCEPT' | 'DROP' };
	/** The rule matched and refuses, with this answer. */
	'nf.reject': { with: string };
	/** The rule matched and goes back to the chain that jumped here. */
	'nf.return': { chain: string };
	/** The rule matched and gives the packet another source; `to` is `address:port`. */
	'nf.snat': { to: string };
	/** The rule matched and hands the packet to a local proxy on this port. */
	'nf.tproxy': { port: number };
}

export type WhyCode = keyof WhyParams;
export type Why = { [C in WhyCode]: { readonly code: C } & Readonly<WhyParams[C]> }[WhyCode];
