/** Short forms for building the simulator's network in tests; what it refuses, throws. */
import {
	type AddressOptions,
	addAddress,
	addBridge,
	addNamespace,
	addRoute,
	addVeth,
	enslave,
	isLinuxError,
	type LinkOptions,
	type LinuxError,
	listen,
	type NamespaceOptions,
	type Network,
	parseIptablesSave,
	type RouteOptions,
	setRuleset,
} from '../../../src/sim/linux/index.ts';
import { parseInterface, parseIp, parsePrefix, utf8 } from '../../../src/sim/wire/index.ts';

const must = <T>(value: T): Exclude<T, LinuxError> => {
	if (isLinuxError(value)) throw new Error(JSON.stringify(value));
	return value as Exclude<T, LinuxError>;
};

/** A network under construction, all names of namespaces beginning with `prefix`. */
export class Builder {
	readonly net: Network;
	readonly prefix: string;

	constructor(net: Network, prefix: string) {
		this.net = net;
		this.prefix = prefix;
	}

	name(ns: string): string {
		return `${this.prefix}/${ns}`;
	}

	ns(ns: string, sysctls: NamespaceOptions['sysctls'] = {}): this {
		must(addNamespace(this.net, this.name(ns), { kernel: '6.18.0', sysctls }));
		return this;
	}

	/** `a:eth0` and `b:eth1`. */
	link(a: string, b: string, options: LinkOptions = {}): this {
		const end = (text: string) => {
			const [ns, name] = text.split(':') as [string, string];
			return { ns: this.name(ns), name };
		};
		must(addVeth(this.net, end(a), end(b), options));
		return this;
	}

	bridge(ns: string, name: string, ports: readonly string[]): this {
		must(addBridge(this.net, { ns: this.name(ns), name }));
		for (const port of ports) must(enslave(this.net, this.name(ns), name, port));
		return this;
	}

	/** `10.0.0.1/24` on `a:eth0`. */
	address(where: string, text: string, scope?: AddressOptions['scope']): this {
		must(this.tryAddress(where, text, scope));
		return this;
	}

	/** As `address`; what the kernel would refuse is not done, and the refusal answered. */
	tryAddress(where: string, text: string, scope?: AddressOptions['scope']): unknown {
		const [ns, dev] = where.split(':') as [string, string];
		const { address: ip, length } = parseInterface(text)!;
		return addAddress(this.net, this.name(ns), dev, { ip, length, scope });
	}

	/** `default` or a prefix; `via` as text. */
	route(
		ns: string,
		dst: string,
		more: Omit<RouteOptions, 'dst' | 'via' | 'src'> & { via?: string; src?: string },
	): this {
		const { via, src, ...rest } = more;
		must(
			addRoute(this.net, this.name(ns), {
				dst: parsePrefix(dst === 'default' ? '0.0.0.0/0' : dst)!,
				via: via === undefined ? undefined : parseIp(via),
				src: src === undefined ? undefined : parseIp(src),
				...rest,
			}),
		);
		return this;
	}

	/** A TCP and a UDP server on every address. */
	server(ns: string, port: number): this {
		for (const protocol of ['tcp', 'udp'] as const)
			must(listen(this.net, this.name(ns), { protocol, port, owner: ns, respond: () => utf8('hello') }));
		return this;
	}

	rules(ns: string, text: string): this {
		const parsed = parseIptablesSave(text);
		if (!parsed.ok) throw new Error(JSON.stringify(parsed.errors));
		must(setRuleset(this.net, this.name(ns), parsed.ruleset));
		return this;
	}
}
