/** `ip route get`: asks the kernel for one route (iproute2 6.1 ip/iproute.c, iproute_get()). */
import {
	DEFAULT_RULES,
	type Dst,
	deviceByName,
	lookupInput,
	RT_TABLE_LOCAL,
	RT_TABLE_MAIN,
	routeOutput,
} from '../../../sim/linux/index.ts';
import { formatIp, parseInterface } from '../../../sim/wire/index.ts';
import { ERRNO, whole } from '../words.ts';
import { answerText } from './busybox.ts';
import { fault, type IpRun, invalid, noDevice, onLine, printJson, type Words } from './context.ts';
import { tableName } from './route-read.ts';

/** `ip route get`. */
export function get(run: IpRun, words: Words): number {
	const { call, space } = run;
	let dst: number | undefined;
	let src = 0;
	let iif: string | undefined;
	let oif: string | undefined;
	let mark = 0;
	const addressIn = (text: string): number => {
		const prefix = parseInterface(text);
		return prefix ? prefix.address : fault(`Error: any valid prefix is expected rather than "${text}".`);
	};
	while (!words.done) {
		const word = words.take();
		if (word === 'from') src = addressIn(words.take());
		else if (word === 'iif') iif = words.take();
		else if (word === 'oif' || word === 'dev') oif = words.take();
		else if (word === 'mark') {
			const text = words.take();
			mark = whole(text, 0, 0xffffffff) ?? invalid('invalid mark value', text);
		} else if (
			word === 'ipproto' ||
			word === 'sport' ||
			word === 'dport' ||
			word === 'uid' ||
			word === 'tos' ||
			word === 'vrf'
		)
			words.take();
		else if (word === 'notify' || word === 'connected' || word === 'fibmatch') continue;
		else dst = addressIn(word === 'to' ? words.take() : word);
	}
	if (dst === undefined) return fault('need at least a destination address');
	const net = space.net();
	const ns = space.ns();
	const device = (name: string | undefined) =>
		name === undefined ? undefined : (deviceByName(ns, name) ?? (noDevice(name) as never));
	const inDev = device(iif);
	const outDev = device(oif);
	const route: Dst = inDev
		? lookupInput(ns, dst, src, mark, inDev)
		: routeOutput(net, ns, { dst, src, mark, oif: outDev?.ifindex ?? 0 });
	if (route.type === 'error') return fault(`RTNETLINK answers: ${ERRNO[route.error ?? 'EINVAL']}`, 2);
	const name = ns.devices.get(route.oif)?.name ?? '';
	const table = route.route?.table ?? RT_TABLE_MAIN;
	// Without rules of one's own the local table is one with the main one (fib_trie_unmerge()).
	const { details } = run.options;
	const named =
		details || (table !== RT_TABLE_MAIN && !(table === RT_TABLE_LOCAL && ns.rules.length <= DEFAULT_RULES.length));
	const flags = [...(route.type !== 'unicast' ? ['local'] : []), ...(route.type === 'broadcast' ? ['brd'] : [])];
	const known = inDev || route.type !== 'unicast' ? undefined : ns.pathMtus.get(dst);
	const learned = known && known.expires > net.now && known.mtu <= route.mtu ? known : undefined;
	const expires = learned && Math.floor((learned.expires - net.now) / 1e6);
	const mtu = learned?.mtu ?? route.route?.mtu;
	if (run.options.busybox) {
		call.out(`${answerText(route, dst, src, name, named ? tableName(table) : undefined)}\n`);
		return 0;
	}
	if (run.options.json) {
		printJson(run, [
			{
				...(route.type === 'unicast' && !details ? {} : { type: route.type }),
				dst: formatIp(dst),
				...(src ? { from: formatIp(src) } : {}),
				...(route.gateway ? { gateway: formatIp(route.gateway) } : {}),
				dev: name,
				...(named ? { table: tableName(table) } : {}),
				...(src || inDev ? {} : { prefsrc: formatIp(route.src) }),
				...(mark ? { mark } : {}),
				flags: [],
				...(inDev ? {} : { uid: 0 }),
				cache: flags,
				...(expires === undefined ? {} : { expires }),
				...(mtu === undefined ? {} : { metrics: [{ mtu }] }),
				...(inDev ? { iif: inDev.name } : {}),
			},
		]);
		return 0;
	}
	const line = [
		...(route.type === 'unicast' && !details ? [] : [route.type]),
		formatIp(dst),
		...(src ? [`from ${formatIp(src)}`] : []),
		...(route.gateway ? [`via ${formatIp(route.gateway)}`] : []),
		`dev ${name}`,
		...(named ? [`table ${tableName(table)}`] : []),
		...(src || inDev ? [] : [`src ${formatIp(route.src)}`]),
		...(mark ? [`mark 0x${mark.toString(16)}`] : []),
		...(inDev ? [] : ['uid 0']),
	];
	call.out(
		onLine(
			run,
			`${line.join(' ')} \n    cache ${flags.length ? `<${flags.join(',')}> ` : ''}${expires === undefined ? '' : `expires ${expires}sec `}${mtu === undefined ? '' : `mtu ${mtu} `}${inDev ? `iif ${inDev.name} ` : ''}\n`,
		),
	);
	return 0;
}
