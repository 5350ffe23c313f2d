/** How each plugin reads its words: parse() of each setup.go below plugin/ @ v1.8.6, v1.11.1. */
import { type Consolidated, type Fall, fqdn, type LogRule, type Setup } from './config.ts';
import { notHeeded } from './passed-over.ts';
import { acl, file, header, local, minimal } from './setup-more.ts';
import { autopath, hosts, rewrite, template } from './setup-names.ts';
import { cache, forward } from './setup-upstream.ts';
import { duration, fallOf, fault, once, origins, regex, SECOND, whole } from './setup-words.ts';

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

const PODS = ['disabled', 'insecure', 'verified'] as const;

const kubernetes: Setup = (c, keys, around) => {
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
					around.log(notHeeded('kubernetes', what));
					break;
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

const plain =
	(kind: 'loop' | 'whoami' | 'any'): Setup =>
	(c) => {
		once(c, () => {
			if (c.nextArg()) throw c.argErr();
		});
		return [{ kind }];
	};

const loadbalance: Setup = (c, _keys, around) => {
	while (c.next()) {
		const [policy, ...more] = c.remainingArgs();
		if (policy === 'round_robin' && more.length > 0) throw c.err(`unknown property for ${policy}`);
		if (policy !== undefined && policy !== 'round_robin' && policy !== 'weighted')
			throw c.err(`unknown policy: ${policy}`);
		if (policy === 'weighted') around.log(notHeeded('loadbalance', 'weighted'));
		while (c.nextBlock()) c.remainingArgs();
	}
	return [{ kind: 'loadbalance' }];
};

const LEVELS = ['warning', 'error', 'info', 'debug'];

const errors: Setup = (c) => {
	const patterns: Consolidated[] = [];
	while (c.next()) {
		const [first, ...more] = c.remainingArgs();
		if (more.length > 0 || (first !== undefined && first !== 'stdout')) throw c.argErr();
		while (c.nextBlock()) {
			const what = c.val();
			const args = c.remainingArgs();
			if (what === 'stacktrace') continue;
			if (what !== 'consolidate') throw c.err(`unknown property '${what}'`);
			const [said, text, level = 'error'] = args;
			if (said === undefined || text === undefined || args.length > 3) throw c.argErr();
			let period: number;
			try {
				period = duration(said);
			} catch (wrong) {
				throw c.err((wrong as Error).message);
			}
			if (args[2] !== undefined && !LEVELS.includes(level))
				throw c.err(`unknown log level argument in consolidate: ${level}`);
			patterns.push({ text, pattern: regex(text), period, said: goDuration(period), level: level.toUpperCase() });
		}
	}
	return [{ kind: 'errors', patterns }];
};

/** `5m0s`, as Go writes a duration of whole seconds. */
const goDuration = (micros: number): string => {
	const all = Math.round(micros / SECOND);
	const [h, m, s] = [Math.floor(all / 3600), Math.floor(all / 60) % 60, all % 60];
	return h > 0 ? `${h}h${m}m${s}s` : m > 0 ? `${m}m${s}s` : `${s}s`;
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
	acl,
	any: plain('any'),
	autopath,
	bufsize,
	cache,
	errors,
	file,
	forward,
	header,
	health,
	hosts,
	kubernetes,
	loadbalance,
	local,
	log,
	loop: plain('loop'),
	minimal,
	prometheus: listens('prometheus', 'localhost:9153'),
	ready: listens('ready', ':8181'),
	reload,
	rewrite,
	template,
	whoami: plain('whoami'),
};
