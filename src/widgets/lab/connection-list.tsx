/** The connections made so far: who typed what, where it went, what came of it. One of them is drawn. */
import { plain } from '../../i18n/rich.ts';
import { formatIp, IPPROTO_ICMP, IPPROTO_UDP } from '../../sim/wire/index.ts';
import { type Made, verdictOf } from './made.ts';
import type { LabWords } from './words.ts';

export interface ConnectionListProps {
	/** The last one last. */
	readonly made: readonly Made[];
	/** Number of the one that is drawn. */
	readonly shown: number;
	readonly onPick: (number: number) => void;
	readonly words: LabWords;
}

export function ConnectionList({ made, shown, onPick, words }: ConnectionListProps) {
	const text = words.text.sandbox;
	return (
		<fieldset class="sb-made">
			<legend>{text.connection}</legend>
			<div class="sb-made-list">
				{[...made].reverse().map((one) => {
					const { client, from } = one.connection;
					const verdict = verdictOf(one);
					const errno = client.outcome?.errno;
					return (
						<label class={`r-${verdict}`}>
							<input
								type="radio"
								name="sb-connection"
								checked={one.number === shown}
								onChange={() => onPick(one.number)}
							/>
							<code class="sb-line">{one.line}</code>
							<span>{plain(text.connectionOf, { from: nameOf(from, words), to: targetOf(one) }, words.language)}</span>
							<span class="sb-verdict">
								{text.results[verdict]}
								{errno === undefined ? null : <code> {errno}</code>}
							</span>
						</label>
					);
				})}
			</div>
		</fieldset>
	);
}

/** A place as a reader knows it: a pod by its name, a node by its own. */
const nameOf = (ns: string, words: LabWords): string => (ns === 'host' ? words.text.kind.host : ns.split('/').at(-1)!);

const PROTOCOLS: Readonly<Record<number, string>> = { [IPPROTO_ICMP]: 'icmp', [IPPROTO_UDP]: 'udp' };

/** `172.18.0.2:32017/tcp`, `10.244.1.7 icmp`. */
export function targetOf({ connection: { client } }: Made): string {
	const { ip, port } = client.asked;
	const protocol = PROTOCOLS[client.protocol] ?? 'tcp';
	return port === 0 ? `${formatIp(ip)} ${protocol}` : `${formatIp(ip)}:${port}/${protocol}`;
}
