/** Flows as `hubble observe` prints them. Source: hubble/pkg/printer/{printer,formatter}.go @ v1.17.5 (github.com/cilium/hubble v0.10). */
import { TabWriter } from '../../../text/index.ts';
import { type Flow, type FlowEnd, hostText, identityMarkText } from './flow.ts';
import { jsonOf } from './json.ts';
import { stamp } from './times.ts';

export type FlowFormat = 'compact' | 'dict' | 'json' | 'jsonpb' | 'tab' | 'table';

export interface PrintOptions {
	readonly format: FlowFormat;
	/** Seconds since 1970 when the lab's clock is 0. */
	readonly epoch: number;
	readonly nodeName: boolean;
	/** Addresses in place of names. */
	readonly translate: boolean;
	/** Name of the format of times. */
	readonly timeFormat: string;
}

/** getVerdict(): a policy's has words of its own. */
const verdictText = ({ event, verdict }: Flow): string =>
	event.type === 'policy-verdict' ? WORDS[event.action] : verdict;
const WORDS = { allow: 'ALLOWED', audit: 'AUDITED', deny: 'DENIED' } as const;

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
		const time = stamp(epoch, flow.time, this.#options.timeFormat);
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
