/** An editor for kind's configuration file: what kind says to it, and the cluster that would come of it. */
import { useEffect, useMemo, useRef, useState } from 'preact/hooks';
import { plain } from '../../i18n/rich.ts';
import { CodeEditor, goToLine } from './editor.tsx';
import { type KindAnswer, type Plan, type PlannedContainer, RELEASES, type Refused, readKind } from './kind-model.ts';
import { Say } from './rich.tsx';
import { gapOf, type LabWords } from './words.ts';

/** What the page holds of it. */
export interface KindConfigIsland {
	readonly id: string;
	/** Name of the file, as the reader has it. */
	readonly file: string;
	readonly yaml: string;
	/** Release of kind: `v0.14.0`. */
	readonly release: string;
}

export interface KindConfigProps {
	readonly island: KindConfigIsland;
	readonly words: LabWords;
}

/** Milliseconds without a key press before kind looks at the file again. */
const PAUSE = 250;

export function KindConfig({ island, words }: KindConfigProps) {
	const text = words.text.kind;
	const [yaml, setYaml] = useState(island.yaml);
	const [settled, setSettled] = useState(island.yaml);
	const [release, setRelease] = useState(island.release);
	useEffect(() => {
		if (yaml === settled) return;
		const timer = setTimeout(() => setSettled(yaml), PAUSE);
		return () => clearTimeout(timer);
	}, [yaml]);
	const answer = useMemo(() => readKind(settled, release), [settled, release]);
	// While a line is half written, the last cluster stays in sight, marked as of before.
	const last = useRef<Plan>();
	if (answer.plan) last.current = answer.plan;
	const plan = answer.plan ?? last.current;
	const marked = answer.refused?.faults.flatMap((fault) => fault.line ?? []) ?? [];
	const editor = `${island.id}-yaml`;
	return (
		<div class="lp-in kc">
			<div class="lp-two kc-two">
				<div class="kc-file">
					<CodeEditor
						id={editor}
						label={island.file}
						leave={words.text.leave}
						value={yaml}
						onChange={setYaml}
						marked={marked}
						describedBy={`${island.id}-said`}
					/>
					<div class="lp-bar needs-script">
						<label class="lp-one">
							<span>{text.release}</span>
							<select value={release} onChange={(e) => setRelease(e.currentTarget.value)}>
								{RELEASES.map((name) => (
									<option value={name} selected={name === release}>
										{name}
									</option>
								))}
							</select>
						</label>
						<button
							type="button"
							onClick={() => {
								setYaml(island.yaml);
								setSettled(island.yaml);
								setRelease(island.release);
							}}
						>
							{words.text.reset}
						</button>
					</div>
					<div id={`${island.id}-said`} class="kc-said" role="status">
						<Verdict words={words} answer={answer} editor={editor} />
					</div>
				</div>
				{plan ? (
					<Drawing words={words} plan={plan} old={answer.plan === undefined} id={island.id} refused={answer.refused} />
				) : null}
			</div>
		</div>
	);
}

function Verdict({ words, answer, editor }: { words: LabWords; answer: KindAnswer; editor: string }) {
	const text = words.text.kind;
	const { refused, plan } = answer;
	if (!refused)
		return (
			<>
				<p class="lp-ok">{text.accepted}</p>
				{plan?.warnings.map((warning) => (
					<pre class="lp-said">WARNING: {warning}</pre>
				))}
			</>
		);
	return (
		<div class="lp-finding is-refused">
			<pre class="lp-said">{refused.text}</pre>
			{refused.by === 'docker' ? <p>{text.dockerRefused}</p> : null}
			<ul>
				{refused.faults.map((fault) => (
					<li>
						{fault.line === undefined ? null : (
							<>
								<a
									href={`#${editor}`}
									onClick={(e) => {
										e.preventDefault();
										goToLine(editor, fault.line!);
									}}
								>
									{plain(text.line, { n: fault.line }, words.language)}
								</a>
								{gapOf(words)}
							</>
						)}
						<Say words={words} t={text.faults[fault.code]} v={fault.params} />
					</li>
				))}
			</ul>
		</div>
	);
}

interface DrawingProps {
	readonly words: LabWords;
	readonly plan: Plan;
	/** Of the file as it was before it could not be read. */
	readonly old: boolean;
	readonly id: string;
	readonly refused: Refused | undefined;
}

/** The reader's machine, its network of containers, and on it one box for each node. */
function Drawing({ words, plan, old, id, refused }: DrawingProps) {
	const text = words.text.kind;
	return (
		<section class={`kc-plan${old ? ' is-old' : ''}`} aria-labelledby={`${id}-plan`}>
			<p id={`${id}-plan`} class="kc-h">
				<Say words={words} t={text.drawing} v={{ name: plan.name }} />
				{old ? (
					<small>
						{gapOf(words)}
						{text.old}
					</small>
				) : null}
			</p>
			<div class="kc-host">
				<p class="kc-name">{text.host}</p>
				<div class="kc-net">
					<p>
						<Say words={words} t={text.network} v={plan.network} />
					</p>
				</div>
				<ul class="kc-nodes">
					{plan.containers.map((one) => (
						<Box words={words} one={one} plan={plan} />
					))}
				</ul>
				{refused?.by === 'docker' ? null : (
					<p class="kc-subnets">
						<Say words={words} t={text.subnets} v={{ pods: plan.podSubnet, services: plan.serviceSubnet }} />
					</p>
				)}
			</div>
			{plan.notes.length > 0 ? (
				<ul class="kc-notes">
					{plan.notes.map((note) => (
						<li>
							<Say words={words} t={text.notes[note]} v={{ proxy: plan.proxy }} />
						</li>
					))}
				</ul>
			) : null}
		</section>
	);
}

function Box({ words, one, plan }: { words: LabWords; one: PlannedContainer; plan: Plan }) {
	const text = words.text.kind;
	const isNode = one.role !== 'external-load-balancer';
	return (
		<li class={`kc-node is-${one.role}`}>
			<p class="kc-name">{one.name}</p>
			<p class="kc-role">{text.roles[one.role]}</p>
			<p class="kc-ip">{one.ip === '' ? text.notStarted : <code>{one.ip}</code>}</p>
			<p class="kc-image">
				<code>{one.image}</code>
			</p>
			{isNode ? (
				<ul class="kc-parts">
					{one.role === 'control-plane' ? <li>kube-apiserver, etcd, …</li> : null}
					<li>kubelet, containerd</li>
					<li class={plan.proxy === 'none' ? 'is-off' : undefined}>
						{plan.proxy === 'none' ? text.noProxy : `kube-proxy (${plan.proxy})`}
					</li>
					<li class={plan.cni ? undefined : 'is-off'}>{plan.cni ? 'kindnet' : text.noCni}</li>
				</ul>
			) : null}
			{one.ports.length > 0 ? (
				<ul class="kc-ports">
					{one.ports.map((port) => (
						<li>
							<code>{port.host}</code> <span aria-hidden="true">→</span>
							<span class="visually-hidden"> {text.leadsTo} </span> <code>{port.inside}</code>
							{port.api ? <small> {text.api}</small> : null}
						</li>
					))}
				</ul>
			) : null}
		</li>
	);
}
