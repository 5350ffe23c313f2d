/** Flows as `hubble observe` prints them. Source: hubble/pkg/printer/{printer,formatter}.go @ v1.17.5 (github.com/cilium/hubble v0.10). */
import { formatTime } from '../../../../sim/api/index.ts';
import { TabWriter } from '../../../text/index.ts';
import { dropText } from '../monitor/index.ts';
import { type Flow, type FlowEnd, hostText, identityMarkText } from './flow.ts';

export type FlowFormat = 'compact' | 'dict' | 'json' | 'jsonpb' | 'tab' | 'table';

export interface PrintOptions {
	readonly format: FlowFormat;
	/** Seconds since 1970 when the lab's clock is 0. */
	readonly epoch: number;
	readonly nodeName: boolean;
	/** Addresses in place of names. */
	readonly translate: boolean;
}

const MONTHS = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'];

/** getVerdict(): a policy's has words of its own. */
const verdictText = ({ event, verdict }: Flow): string =>
	event.type === 'policy-verdict' ? (event.action === 'allow' ? 'ALLOWED' : 'DENIED') : verdict;

/** `Mon _2 15:04:05.000`. */
export function stamp(epoch: number, micros: number): string {
	const text = formatTime(epoch + Math.floor(micros / 1e6));
	const [, , month = '01', day = '01', clock = ''] = /^(\d+)-(\d+)-(\d+)T(.*)Z$/.exec(text) ?? [];
	const millis = String(Math.floor((micros % 1e6) / 1000)).padStart(3, '0');
	return `${MONTHS[Number(month) - 1]} ${String(Number(day)).padStart(2)} ${clock}.${millis}`;
}

/** Of a reply the ends change places, so that the client stands at the left. */
function ends(flow: Flow): readonly [FlowEnd, string, FlowEnd] {
	if (flow.reply === undefined) return [flow.source, '<>', flow.destination];
	return flow.reply ? [flow.destination, '<-', flow.source] : [flow.source, '->', flow.destination];
}

export class FlowPrinter {
	readonly #options: PrintOptions;
	readonly #writer = new TabWriter({ minWidth: 2, tabWidth: 0, padding: 3 });
	#lines = 0;

	constructor(options: PrintOptions) {
		this.#options = options;
	}

	/** Text to write now; of a table, what is complete. */
	print(flow: Flow): string {
		const { format, epoch, nodeName, translate } = this.#options;
		const time = stamp(epoch, flow.time);
		this.#lines++;
		switch (format) {
			case 'compact': {
				const [left, arrow, right] = ends(flow);
				const node = nodeName ? ` [${flow.node}]` : '';
				const side = (end: FlowEnd): string => `${hostText(end, translate)} ${identityMarkText(end)}`;
				return `${time}${node}: ${side(left)} ${arrow} ${side(right)} ${flow.type} ${verdictText(flow)} (${flow.summary})\n`;
			}
			case 'dict': {
				const rows = [
					['TIMESTAMP', time],
					...(nodeName ? [['NODE', flow.node]] : []),
					['SOURCE', hostText(flow.source, translate)],
					['DESTINATION', hostText(flow.destination, translate)],
					['TYPE', flow.type],
					['VERDICT', verdictText(flow)],
					['SUMMARY', flow.summary],
				];
				return `${this.#lines > 1 ? '------------\n' : ''}${rows.map(([key, value]) => `${key!.padStart(11)}: ${value}\n`).join('')}`;
			}
			case 'json':
			case 'jsonpb':
				return `${JSON.stringify(jsonOf(flow, epoch))}\n`;
			default: {
				const head = [
					'TIMESTAMP',
					...(nodeName ? ['NODE'] : []),
					'SOURCE',
					'DESTINATION',
					'TYPE',
					'VERDICT',
					'SUMMARY',
				];
				if (this.#lines === 1) this.#writer.write(`${head.join('\t')}\n`);
				const cells = [
					time,
					...(nodeName ? [flow.node] : []),
					hostText(flow.source, translate),
					hostText(flow.destination, translate),
					flow.type,
					verdictText(flow),
					flow.summary,
				];
				this.#writer.write(`${cells.join('\t')}\n`);
				return '';
			}
		}
	}

	/** What a table still has. */
	end(): string {
		return this.#writer.flush();
	}
}

/** A verdict that denies is the negative of this (threefour/parser.go decodeDropReason @ v1.12.1). */
const POLICY_DENIED = 133;

/** flow.proto as JSON, with the fields the simulator knows. */
function jsonOf(flow: Flow, epoch: number): object {
	const { event } = flow;
	const { headers } = event;
	const time = `${formatTime(epoch + Math.floor(flow.time / 1e6)).replace('Z', '')}.${String(Math.floor(flow.time % 1e6)).padStart(6, '0')}000Z`;
	const ports = { source_port: headers.sport, destination_port: headers.dport };
	const flags = Object.fromEntries(
		flow.protocol === 'TCP'
			? flow.summary
					.replace('TCP Flags: ', '')
					.split(', ')
					.map((name) => [name, true])
			: [],
	);
	const l4 =
		flow.protocol === 'TCP'
			? { TCP: { ...ports, flags } }
			: flow.protocol === 'UDP'
				? { UDP: ports }
				: headers.icmp
					? { ICMPv4: { type: headers.icmp[0], code: headers.icmp[1] } }
					: undefined;
	const reason =
		event.type === 'drop' ? event.code : event.type === 'policy-verdict' && event.action === 'deny' ? POLICY_DENIED : 0;
	const end = ({ identity, labels, namespace, pod }: FlowEnd): object => ({
		identity,
		...(labels.length === 0 ? {} : { labels }),
		...(namespace === '' ? {} : { namespace }),
		...(pod === '' ? {} : { pod_name: pod }),
	});
	return {
		flow: {
			time,
			verdict: flow.verdict,
			...(reason === 0
				? {}
				: { drop_reason: reason, drop_reason_desc: dropText(reason).toUpperCase().replaceAll(' ', '_') }),
			IP: { source: flow.source.ip, destination: flow.destination.ip, ipVersion: 'IPv4' },
			...(l4 ? { l4 } : {}),
			source: end(flow.source),
			destination: end(flow.destination),
			Type: 'L3_L4',
			node_name: flow.node,
			...(flow.reply === undefined ? {} : { is_reply: flow.reply }),
			event_type: { type: flow.drop ? 1 : event.type === 'trace' ? 4 : 5 },
			...(event.type === 'policy-verdict' ? { traffic_direction: event.direction.toUpperCase() } : {}),
			...(event.type === 'trace' ? { trace_observation_point: event.point.toUpperCase().replace('-', '_') } : {}),
			Summary: flow.summary,
		},
		node_name: flow.node,
		time,
	};
}
