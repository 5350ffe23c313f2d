/** How each plugin reads its words: parse() of each setup.go below plugin/ @ v1.8.6, v1.11.1. */
import { CorefileError, type Dispenser } from './caddyfile.ts';
import { type Fall, fqdn, type LogRule, type Rewrite, type Setup, type Template } from './config.ts';

const fault = (message: string): CorefileError => new CorefileError(message);

/** strconv.Atoi() */
export function whole(text: string): number {
	if (!/^[+-]?\d+$/.test(text)) throw fault(`strconv.Atoi: parsing ${JSON.stringify(text)}: invalid syntax`);
	return Number(text);
}

const UNITS: Readonly<Record<string, number>> = { ns: 1e-3, us: 1, µs: 1, ms: 1e3, s: 1e6, m: 60e6, h: 3600e6 };

/** time.ParseDuration(), microseconds. */
export function duration(text: string): number {
	if (text === '0') return 0;
	const parts = [...text.replace(/^[+-]/, '').matchAll(/(\d+(?:\.\d*)?|\.\d+)(ns|us|µs|ms|s|m|h)/g)];
	const read = parts.map(([part]) => part).join('');
	if (text === '' || read !== text.replace(/^[+-]/, ''))
		throw fault(
			/^[+-]?[\d.]+$/.test(text)
				? `time: missing unit in duration ${JSON.stringify(text)}`
				: `time: invalid duration ${JSON.stringify(text)}`,
		);
	const sum = parts.reduce((all, [, n, unit]) => all + Number(n) * UNITS[unit!]!, 0);
	return text.startsWith('-') ? -sum : sum;
}

const once = (c: Dispenser, read: () => void): void => {
	for (let i = 0; c.next(); i++) {
		if (i > 0) throw fault('this plugin can only be used once per Server Block');
		read();
	}
};

/** Zones given, or those of the block. */
const origins = (args: readonly string[], keys: readonly string[]): readonly string[] =>
	args.length > 0 ? args.map(fqdn) : keys;

const fallOf = (args: readonly string[]): Fall => (args.length > 0 ? args.map(fqdn) : ['.']);

const regex = (text: string): RegExp => {
	try {
		return new RegExp(text.replace(/^\(\?i\)/, '').replace(/\(\?P</g, '(?<'), text.startsWith('(?i)') ? 'i' : '');
	} catch {
		throw fault(`invalid regex matching pattern: ${text}`);
	}
};

/** net.SplitHostPort(), of an address to listen on. */
function listenAt(address: string): { readonly ip: string; readonly port: number } {
	const at = address.lastIndexOf(':');
	if (at < 0) throw fault(`address ${address}: missing port in address`);
	return { ip: address.slice(0, at), port: Number(address.slice(at + 1)) };
}

const listens =
	(kind: 'ready' | 'prometheus', otherwise: string): Setup =>
	(c) => {
		let address = otherwise;
		once(c, () => {
			const args = c.remainingArgs();
			if (args.length > 1) throw c.argErr();
			address = args[0] ?? address;
			listenAt(address);
		});
		return [{ kind, ...listenAt(address) }];
	};

const health: Setup = (c) => {
	let address = ':8080';
	let wait = 0;
	while (c.next()) {
		const args = c.remainingArgs();
		if (args.length > 1) throw c.argErr();
		address = args[0] ?? address;
		listenAt(address);
		while (c.nextBlock()) {
			if (c.val() !== 'lameduck') throw c.argErr();
			const [text, ...more] = c.remainingArgs();
			if (text === undefined || more.length > 0) throw c.argErr();
			try {
				wait = duration(text);
			} catch (e) {
				throw fault(`unable to parse lameduck duration value: '${text}' : ${(e as Error).message}`);
			}
		}
	}
	return [
		{ kind: 'health', ...listenAt(address) },
		{ kind: 'lameduck', wait },
	];
};

const SECOND = 1e6;

const reload: Setup = (c) => {
	c.next();
	const args = c.remainingArgs();
	if (args.length > 2) throw c.argErr();
	const interval = args[0] === undefined ? 30 * SECOND : duration(args[0]);
	if (interval < 2 * SECOND) throw fault('interval value must be greater or equal to 2s');
	const jitter = args[1] === undefined ? 15 * SECOND : duration(args[1]);
	if (jitter < SECOND) throw fault('jitter value must be greater or equal to 1s');
	return [{ kind: 'reload', interval, jitter: Math.min(jitter, interval / 2) }];
};

const COMMON =
	'{remote}:{port} - {>id} "{type} {class} {name} {proto} {size} {>do} {>bufsize}" {rcode} {>rflags} {rsize} {duration}';

const log: Setup = (c) => {
	const rules: LogRule[] = [];
	while (c.next()) {
		let args = c.remainingArgs();
		let format = COMMON;
		if (args.length > 1 && args.at(-1)!.includes('{')) {
			format = args.at(-1)!.replaceAll('{common}', COMMON).replaceAll('{combined}', `${COMMON} "{>opcode}"`);
			args = args.slice(0, -1);
		}
		const classes = new Set<string>();
		while (c.nextBlock()) {
			if (c.val() !== 'class') throw c.argErr();
			const names = c.remainingArgs();
			if (names.length === 0) throw c.argErr();
			for (const name of names) {
				if (!['all', 'success', 'denial', 'error'].includes(name)) throw fault(`invalid Class: ${name}`);
				classes.add(name);
			}
		}
		for (const zone of args.length > 0 ? args.map(fqdn) : ['.'])
			rules.push({ zone, format, classes: classes.size > 0 ? [...classes] : ['all'] });
	}
	return [{ kind: 'log', rules }];
};

const positive = (text: string): number => {
	const ttl = whole(text);
	if (ttl <= 0) throw fault(`cache TTL can not be zero or negative: ${ttl}`);
	return ttl;
};

const cache: Setup = (c, keys) => {
	let [success, denial, fail] = [3600, 1800, 5];
	const least: [number, number] = [5, 5];
	let zones: readonly string[] = [];
	let notSuccess: readonly string[] = [];
	let notDenial: readonly string[] = [];
	once(c, () => {
		let args = c.remainingArgs();
		if (args[0] !== undefined && /^[+-]?\d+$/.test(args[0])) {
			success = positive(args[0]);
			denial = success;
			args = args.slice(1);
		}
		zones = origins(args, keys);
		while (c.nextBlock()) {
			const what = c.val();
			const words = c.remainingArgs();
			switch (what) {
				case 'success':
				case 'denial': {
					const [capacity, ttl, min] = words;
					if (capacity === undefined) throw c.argErr();
					whole(capacity);
					if (ttl !== undefined && what === 'success') success = positive(ttl);
					if (ttl !== undefined && what === 'denial') denial = positive(ttl);
					if (min !== undefined) least[what === 'success' ? 0 : 1] = whole(min);
					break;
				}
				case 'prefetch':
					if (words.length === 0 || words.length > 3) throw c.argErr();
					if (whole(words[0]!) < 0) throw fault(`prefetch amount should be positive: ${words[0]}`);
					if (words[1] !== undefined) duration(words[1]);
					break;
				case 'serve_stale':
				case 'keepttl':
					break;
				case 'servfail':
					if (words.length !== 1) throw c.argErr();
					fail = duration(words[0]!) / SECOND;
					break;
				case 'disable': {
					const [which, ...of] = words;
					if (which === undefined) throw c.argErr();
					const names = of.length > 0 ? of.map(fqdn) : ['.'];
					if (which === 'success') notSuccess = names;
					else if (which === 'denial') notDenial = names;
					else throw fault(`cache type for disable must be "success" or "denial"`);
					break;
				}
				default:
					throw c.argErr();
			}
		}
	});
	return [{ kind: 'cache', zones, success, denial, least, fail, notSuccess, notDenial }];
};

function answersOf(match: string, args: readonly string[]): Pick<Rewrite, 'auto' | 'answers'> {
	const answers: { of: 'name' | 'value'; from: RegExp; to: string }[] = [];
	let auto = false;
	if (args.length === 1) throw fault(`invalid arguments for ${match} rule`);
	let last = '';
	for (let i = 0; i < args.length; ) {
		if (last === '' && args[i] !== 'answer')
			throw fault(`exceeded the number of arguments for a non-answer rule argument for ${match} rule`);
		if (args[i] === 'answer') i++;
		if (args[i] === undefined) throw fault(`type missing for answer rule for ${match} rule`);
		last = args[i++]!;
		if (last === 'auto') auto = true;
		else if (last === 'name' || last === 'value') {
			const [from, to] = [args[i], args[i + 1]];
			if (from === undefined || to === undefined)
				throw fault(`${last} answer rule for ${match} rule: 2 arguments required`);
			answers.push({ of: last, from: regex(from), to: fqdn(to) });
			i += 2;
		} else throw fault(`invalid type ${JSON.stringify(last)} for answer rule for ${match} rule`);
	}
	return { auto, answers };
}

/** newRule() of plugin/rewrite. */
function ruleOf(args: readonly string[]): Rewrite {
	if (args.length === 0) throw fault('no rule type specified for rewrite');
	const named = args[0] === 'continue' || args[0] === 'stop';
	const mode = args[0] === 'continue' ? 'continue' : 'stop';
	const [what, ...rest] = named ? args.slice(1) : args;
	if (named && rest.length === 0) throw fault(`a rule type must be specified after ${mode}`);
	const plain = { mode, match: '', from: '', to: '', auto: false, answers: [] } as const;
	if (what === 'type' && rest.length === 2) return { ...plain, what: 'type', from: rest[0]!, to: rest[1]! };
	if (what === 'class' || what === 'edns0' || what === 'ttl' || what === 'cname' || what === 'rcode' || what === 'type')
		return { ...plain, what: 'other' };
	const args2 = what === 'name' ? rest : args.slice(named ? 1 : 0);
	if (what !== 'name' && /^(?:answer|response)$/.test(what ?? ''))
		throw fault(`response rewrites must begin with a name rule`);
	if (what !== 'name') throw fault(`invalid rule type ${JSON.stringify(what)}`);
	if (args2.length < 2) throw fault('too few arguments for a name rule');
	const [match, from, to] =
		args2.length === 2 ? ['exact', args2[0]!, args2[1]!] : [args2[0]!.toLowerCase(), args2[1]!, args2[2]!];
	if (!['exact', 'prefix', 'suffix', 'substring', 'regex'].includes(match))
		throw fault(
			`name rule supports only exact, prefix, suffix, substring, and regex name matching, received: ${match}`,
		);
	if (match === 'regex') {
		const groups = new RegExp(`${regex(from).source}|`).exec('')!.length - 1;
		const used = [...Array(101).keys()].filter((i) => to.includes(`{${i}}`)).length;
		if (used > groups)
			throw fault(
				`the rewrite regex pattern (${to}) uses more subexpressions than its corresponding matching regex pattern (${from})`,
			);
	}
	const dotted = match === 'exact' || match === 'suffix' || match === 'regex';
	const given = answersOf(match, args2.slice(3));
	return {
		what: 'name',
		mode,
		match,
		from: match === 'regex' ? from : dotted ? fqdn(from) : from.toLowerCase(),
		to: dotted ? fqdn(to) : to.toLowerCase(),
		...given,
		auto: given.auto || match === 'exact',
	};
}

const rewrite: Setup = (c) => {
	const rules: Rewrite[] = [];
	while (c.next()) {
		const args = [...c.remainingArgs()];
		if (args.length < 2) while (c.nextBlock()) args.push(c.val());
		rules.push(ruleOf(args));
	}
	return [{ kind: 'rewrite', rules }];
};

const RCODES = ['NOERROR', 'FORMERR', 'SERVFAIL', 'NXDOMAIN', 'NOTIMP', 'REFUSED'];
const KINDS = 'A AAAA ANY CNAME HINFO MX NS PTR SOA SRV TXT CAA HTTPS SVCB DS DNSKEY NAPTR'.split(' ');

const template: Setup = (c, keys) => {
	const templates: Template[] = [];
	while (c.next()) {
		if (!c.nextArg()) throw c.argErr();
		if (!['IN', 'ANY', 'CH', 'HS'].includes(c.val())) throw c.err(`invalid query class ${c.val()}`);
		if (!c.nextArg()) throw c.argErr();
		const type = c.val();
		if (!KINDS.includes(type)) throw c.err(`invalid RR class ${type}`);
		const zones = origins(c.remainingArgs(), keys);
		const parts = { answer: [] as string[], additional: [] as string[], authority: [] as string[] };
		const match: RegExp[] = [];
		let rcode = 0;
		let fall: Fall;
		while (c.nextBlock()) {
			const what = c.val();
			const words = c.remainingArgs();
			if (what === 'match') {
				if (words.length === 0) throw c.argErr();
				match.push(...words.map(regex));
			} else if (what === 'answer' || what === 'additional' || what === 'authority') {
				if (words.length === 0) throw c.argErr();
				parts[what].push(...words);
			} else if (what === 'rcode') {
				rcode = RCODES.indexOf(words[0] ?? '');
				if (words[0] === undefined) throw c.argErr();
				if (rcode < 0) throw c.err(`unknown rcode ${words[0]}`);
			} else if (what === 'fallthrough') fall = fallOf(words);
			else if (what !== 'upstream' && what !== 'ederror') throw c.argErr();
		}
		templates.push({ type, zones, match: match.length > 0 ? match : [/.*/], ...parts, rcode, fall });
	}
	return [{ kind: 'template', templates }];
};

const autopath: Setup = (c, keys, around) => {
	let zones: readonly string[] = [];
	let search: readonly string[] | '@kubernetes' = [];
	while (c.next()) {
		const args = c.remainingArgs();
		const from = args.at(-1);
		if (from === undefined) throw fault('no resolv-conf specified');
		zones = origins(args.slice(0, -1), keys);
		if (from.startsWith('@')) search = from === '@kubernetes' ? '@kubernetes' : [];
		else {
			const text = around.readFile(from);
			if (text === undefined)
				throw fault(`failed to parse ${JSON.stringify(from)}: open ${from}: no such file or directory`);
			search = [...(/^search (.*)$/m.exec(text)?.[1] ?? '').split(' ').filter(Boolean).map(fqdn), ''];
		}
	}
	return [{ kind: 'autopath', zones, search }];
};

const hosts: Setup = (c, keys, around) => {
	let file = '/etc/hosts';
	let zones: readonly string[] = [];
	let [ttl, reverse] = [3600, true];
	let fall: Fall;
	const lines: string[] = [];
	once(c, () => {
		const args = c.remainingArgs();
		if (args[0] !== undefined) {
			file = args[0];
			if (around.readFile(file) === undefined) around.log(`[WARNING] plugin/hosts: File does not exist: ${file}`);
		}
		zones = origins(args.slice(1), keys);
		while (c.nextBlock()) {
			const what = c.val();
			const words = c.remainingArgs();
			if (what === 'fallthrough') fall = fallOf(words);
			else if (what === 'no_reverse') reverse = false;
			else if (what === 'ttl') {
				if (words[0] === undefined) throw c.err('ttl needs a time in second');
				if (!/^-?\d+$/.test(words[0])) throw c.err('ttl needs a number of second');
				ttl = Number(words[0]);
				if (ttl <= 0 || ttl > 65535) throw c.err('ttl provided is invalid');
			} else if (what === 'reload') {
				if (words.length !== 1) throw c.err('reload needs a duration (zero seconds to disable)');
				try {
					duration(words[0]!);
				} catch {
					throw c.err(`invalid duration for reload '${words[0]}'`);
				}
			} else if (fall === undefined) lines.push([what, ...words].join(' '));
			else throw c.err(`unknown property '${what}'`);
		}
	});
	return [{ kind: 'hosts', file, zones, lines, ttl, reverse, fall }];
};

const PODS = ['disabled', 'insecure', 'verified'] as const;

const kubernetes: Setup = (c, keys) => {
	let zones: readonly string[] = [];
	let pods: (typeof PODS)[number] = 'disabled';
	const namespaces: string[] = [];
	let [endpointPodNames, ignoreEmpty] = [false, false];
	let ttl = 5;
	let fall: Fall;
	once(c, () => {
		zones = origins(c.remainingArgs(), keys);
		if (zones.every((zone) => /\.(?:in-addr|ip6)\.arpa\.$|^(?:in-addr|ip6)\.arpa\.$/.test(zone)))
			throw fault('non-reverse zone name must be used');
		while (c.nextBlock()) {
			const what = c.val();
			const words = c.remainingArgs();
			switch (what) {
				case 'endpoint_pod_names':
					if (words.length > 0) throw c.argErr();
					endpointPodNames = true;
					break;
				case 'pods': {
					if (words.length !== 1) throw c.argErr();
					const mode = PODS.find((name) => name === words[0]);
					if (!mode) throw fault(`wrong value for pods: ${words[0]},  must be one of: disabled, verified, insecure`);
					pods = mode;
					break;
				}
				case 'namespaces':
					if (words.length === 0) throw c.argErr();
					namespaces.push(...words);
					break;
				case 'fallthrough':
					fall = fallOf(words);
					break;
				case 'ttl':
					if (words[0] === undefined) throw c.argErr();
					ttl = whole(words[0]);
					if (ttl < 0 || ttl > 3600) throw c.err(`ttl must be in range [0, 3600]: ${ttl}`);
					break;
				case 'ignore':
					if (words[0] !== 'empty_service') throw fault(`unable to parse ignore value: '${words[0] ?? ''}'`);
					ignoreEmpty = true;
					break;
				case 'noendpoints':
				case 'endpoint':
				case 'tls':
				case 'labels':
				case 'namespace_labels':
				case 'kubeconfig':
				case 'apiserver_qps':
				case 'apiserver_burst':
				case 'startup_timeout':
					break;
				default:
					throw c.err(`unknown property '${what}'`);
			}
		}
	});
	return [{ kind: 'kubernetes', zones, pods, namespaces, endpointPodNames, ignoreEmpty, ttl, fall }];
};

const ADDRESS =
	/^(?:(dns|tls|https|grpc|quic):\/\/)?(\d+\.\d+\.\d+\.\d+|\[[0-9a-f:]+\]|[0-9a-f]*:[0-9a-f:]+)(?::(\d+))?$/i;

/** parse.HostPortOrFile(): addresses, or name servers of a file like /etc/resolv.conf. */
function upstreams(
	words: readonly string[],
	readFile: (path: string) => string | undefined,
): readonly { readonly host: string; readonly port: number; readonly tls: boolean }[] {
	const out = words.flatMap((word) => {
		const m = ADDRESS.exec(word);
		if (m) {
			const tls = m[1] === 'tls';
			if (m[1] !== undefined && m[1] !== 'dns' && !tls)
				throw fault(`'${m[1]}' is not supported as a destination protocol in forward: ${word}`);
			return [{ host: m[2]!, port: Number(m[3] ?? (tls ? 853 : 53)), tls }];
		}
		const text = readFile(word);
		if (text === undefined) throw fault(`not an IP address or file: ${JSON.stringify(word)}`);
		return [...text.matchAll(/^nameserver\s+(\S+)/gm)].map(([, host]) => ({ host: host!, port: 53, tls: false }));
	});
	if (out.length === 0) throw fault('no nameservers found');
	return out;
}

const forward: Setup = (c, _keys, { readFile }) => {
	const out: ReturnType<Setup>[number][] = [];
	while (c.next()) {
		if (!c.nextArg() || c.val() === '{') throw c.argErr();
		const from = fqdn(c.val());
		const words = c.remainingArgs();
		if (words.length === 0) throw c.argErr();
		const to = upstreams(words, readFile);
		let except: readonly string[] = [];
		let tcp = false;
		let policy = 'random';
		while (c.nextBlock()) {
			const what = c.val();
			const args = c.remainingArgs();
			const one = (): string => {
				if (args[0] === undefined) throw c.argErr();
				return args[0];
			};
			switch (what) {
				case 'except':
					one();
					except = args.map(fqdn);
					break;
				case 'max_fails':
					if (!/^\d+$/.test(one())) throw fault(`strconv.ParseUint: parsing ${JSON.stringify(one())}: invalid syntax`);
					break;
				case 'health_check':
				case 'expire':
					if (duration(one()) < 0) throw fault(`${what} can't be negative: ${one()}`);
					break;
				case 'force_tcp':
				case 'prefer_udp':
					if (args.length > 0) throw c.argErr();
					tcp ||= what === 'force_tcp';
					break;
				case 'tls':
				case 'next':
				case 'failfast_all_unhealthy_upstreams':
					break;
				case 'tls_servername':
					one();
					break;
				case 'policy':
					policy = one();
					if (!['random', 'round_robin', 'sequential'].includes(policy)) throw c.err(`unknown policy '${policy}'`);
					break;
				case 'max_concurrent':
					if (whole(one()) < 0) throw fault(`max_concurrent can't be negative: ${one()}`);
					break;
				default:
					throw c.err(`unknown property '${what}'`);
			}
		}
		if (to.length > 15) throw fault(`more than 15 TOs configured: ${to.length}`);
		out.push({ kind: 'forward', from, to, except, tcp, policy });
	}
	return out;
};

const plain =
	(kind: 'loop' | 'whoami' | 'any'): Setup =>
	(c) => {
		once(c, () => {
			if (c.nextArg()) throw c.argErr();
		});
		return [{ kind }];
	};

const loadbalance: Setup = (c) => {
	while (c.next()) {
		const [policy, ...more] = c.remainingArgs();
		if (policy === 'round_robin' && more.length > 0) throw c.err(`unknown property for ${policy}`);
		if (policy !== undefined && policy !== 'round_robin' && policy !== 'weighted')
			throw c.err(`unknown policy: ${policy}`);
	}
	return [{ kind: 'loadbalance' }];
};

const errors: Setup = (c) => {
	while (c.next()) {
		if (c.remainingArgs().length > 0) throw c.argErr();
		while (c.nextBlock()) {
			if (!['consolidate', 'stacktrace'].includes(c.val())) throw c.err(`unknown property '${c.val()}'`);
			c.remainingArgs();
		}
	}
	return [{ kind: 'errors' }];
};

const bufsize: Setup = (c) => {
	let size = 1232;
	while (c.next()) {
		const [text] = c.remainingArgs();
		if (text !== undefined) size = whole(text);
		if (size < 512 || size > 4096) throw fault('provided buffer size has to be between 512 and 4096');
	}
	return [{ kind: 'bufsize', size }];
};

/** Those that do something here; the other directives there are only say that they are there. */
export const SETUPS: Readonly<Record<string, Setup>> = {
	any: plain('any'),
	autopath,
	bufsize,
	cache,
	errors,
	forward,
	health,
	hosts,
	kubernetes,
	loadbalance,
	log,
	loop: plain('loop'),
	prometheus: listens('prometheus', 'localhost:9153'),
	ready: listens('ready', ':8181'),
	reload,
	rewrite,
	template,
	whoami: plain('whoami'),
};
