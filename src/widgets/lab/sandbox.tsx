/** The free lab: a scenario, its terminal, the packets of what was typed, the tables of every place. */
import type { ComponentType } from 'preact';
import { useEffect, useState } from 'preact/hooks';
import type { TerminalText } from '../../i18n/terminal/index.ts';
import { LAB_PRESETS, type LabPresetId } from '../../sim/lab/index.ts';
import type { Words } from '../context.tsx';
import type { Machine } from '../terminal/machine.ts';
import { Terminal } from '../terminal/view.tsx';
import { ConnectionList } from './connection-list.tsx';
import type { Made } from './made.ts';
import { NodeTables } from './node-tables.tsx';
import type { Replay } from './replay.ts';
import { Say } from './rich.tsx';
import type { LabWords } from './words.ts';

export interface SandboxProps {
	readonly machine: Machine;
	readonly scenario: LabPresetId;
	/** Connections made since the beginning, the last one last. */
	readonly made: readonly Made[];
	/** Number of the one that was picked; undefined when another was made since: what one types is drawn. */
	readonly picked: number | undefined;
	readonly pick: (number: number) => void;
	readonly words: LabWords;
	readonly terminalText: TerminalText;
	/** How it came about: a link, an undone line, a replay under way. */
	readonly notice: { readonly text: string; readonly values?: Readonly<Record<string, string | number>> } | undefined;
	/** While a log is typed again. */
	readonly replay: Pick<Replay, 'stop'> | undefined;
	/** Types the rest of a log that was stopped. */
	readonly goOn: (() => void) | undefined;
	readonly begin: (scenario: LabPresetId) => void;
	readonly undo: () => void;
	/** Address of a link to this session; undefined when it is too long for one. */
	readonly address: () => Promise<string | undefined>;
}

type Walk = { readonly words: Words; readonly LastWalk: ComponentType<{ made: Made; words: Words; say: LabWords }> };

const IDS: readonly LabPresetId[] = LAB_PRESETS.map((preset) => preset.id);

export function Sandbox(props: SandboxProps) {
	const { machine, scenario, made, words, terminalText, notice, picked, pick, replay, goOn, begin, undo, address } =
		props;
	const working = replay !== undefined;
	const text = words.text.sandbox;
	const [, draw] = useState(0);
	const [said, setSaid] = useState<string>();
	const [walk, setWalk] = useState<Walk>();
	// What the terminal did may have changed any table; while a line runs, they are drawn twice a second at most.
	useEffect(() => {
		let timer: ReturnType<typeof setTimeout> | undefined;
		let { busy } = machine;
		const redraw = (): void => {
			clearTimeout(timer);
			timer = undefined;
			draw((n) => n + 1);
		};
		const stop = machine.listen(() => {
			// The end of a line is shown at once.
			if (busy !== machine.busy) redraw();
			else timer ??= setTimeout(redraw, 500);
			({ busy } = machine);
		});
		return () => {
			clearTimeout(timer);
			stop();
		};
	}, [machine]);
	const any = made.length > 0;
	useEffect(() => {
		if (!any || walk) return;
		let gone = false;
		import('./last-walk.tsx')
			.then((m) => m.loadLastWalk(words.language))
			.then(
				(loaded) => gone || setWalk(loaded),
				(error: unknown) => console.error(error),
			);
		return () => {
			gone = true;
		};
	}, [any]);

	const { session } = machine;
	const { lab } = session.core;
	const last = made.at(-1);
	const shown = made.find((one) => one.number === picked) ?? last;
	const clusters = lab.clusters();
	const drawn = clusters.find((one) => one === shown?.connection.cluster);
	const world = (drawn ?? clusters.at(-1))?.world();
	const near = shown && nodeOnWay(shown);
	const busy = machine.busy || working;
	const copy = async (): Promise<void> => {
		const link = await address();
		if (link === undefined) return setSaid(text.tooLong);
		try {
			await navigator.clipboard.writeText(link);
			setSaid(text.copied);
		} catch {
			setSaid(text.copyFailed.replace('{link}', link));
		}
	};
	const ask = (next: LabPresetId): void => {
		if (session.log.length > 0 && !confirm(text.resetAsk)) draw((n) => n + 1);
		else begin(next);
	};
	return (
		<div class="sb">
			<div class="lp-bar sb-bar">
				<label class="lp-one">
					<span>{text.scenario}</span>
					<select value={scenario} disabled={working} onChange={(e) => ask(e.currentTarget.value as LabPresetId)}>
						{IDS.map((id) => (
							<option value={id} selected={id === scenario}>
								{text.scenarios[id]}
							</option>
						))}
					</select>
				</label>
				<button type="button" class="sb-undo" disabled={busy || session.log.length === 0} onClick={undo}>
					{text.undo}
				</button>
				<button type="button" disabled={working} onClick={() => ask(scenario)}>
					{text.reset}
				</button>
				<button type="button" class="sb-link" disabled={busy} onClick={() => void copy()}>
					{text.copyLink}
				</button>
				<span class="sb-said" role="status">
					{said}
				</span>
			</div>
			{notice ? (
				<div class="lp-notice lp-bar">
					<p role="status">
						<Say words={words} t={notice.text} v={notice.values ?? {}} />
					</p>
					{replay ? (
						<button type="button" class="sb-stop" onClick={() => replay.stop()}>
							{text.replayStop}
						</button>
					) : null}
					{goOn ? (
						<button type="button" class="sb-go-on" onClick={goOn}>
							{text.replayRest}
						</button>
					) : null}
				</div>
			) : null}
			<div class="sb-two">
				<div class="sb-terminal">
					<Terminal key={machine.id} machine={machine} text={terminalText} restart={() => begin(scenario)} />
				</div>
				<section class="sb-side" aria-labelledby="sb-tables-h">
					<h2 id="sb-tables-h">{text.tables}</h2>
					<NodeTables world={world} near={near} words={words} />
				</section>
			</div>
			<section class="sb-walk" aria-labelledby="sb-walk-h">
				<h2 id="sb-walk-h">{text.walk}</h2>
				{shown && walk ? (
					<>
						{made.length > 1 ? <ConnectionList made={made} shown={shown.number} words={words} onPick={pick} /> : null}
						<walk.LastWalk made={shown} words={walk.words} say={words} />
					</>
				) : (
					<p class="sb-none">
						<Say words={words} t={text.noWalk} v={{ example: EXAMPLE }} />
					</p>
				)}
			</section>
		</div>
	);
}

/** The first node that the first packet came by; others may have heard a question of ARP. */
const nodeOnWay = ({ connection: { client, decisions } }: Made): string | undefined =>
	decisions.find(({ packet, ns }) => packet === client.firstPacket && ns.startsWith('node/'))?.ns;

/** Works where there is an echo server: its NodePort, at whatever address the node has. */
const EXAMPLE =
	"curl $(kubectl get nodes -o jsonpath='{.items[1].status.addresses[0].address}'):$(kubectl get svc svc-echoserver -o jsonpath='{.spec.ports[0].nodePort}')";
