/** Values and a version of Cilium's chart, and the keys of cilium-config that come out differently. */
import { useMemo, useState } from 'preact/hooks';
import { plain } from '../../i18n/rich.ts';
import {
	type Config,
	configOf,
	type Difference,
	differences,
	type Refusal,
	type Side,
	VERSIONS,
} from './config-model.ts';
import { CodeEditor } from './editor.tsx';
import { Say } from './rich.tsx';
import { colonOf, gapOf, type LabWords } from './words.ts';

/** What the page holds of it. */
export interface ConfigDiffIsland {
	readonly id: string;
	readonly version: string;
	/** Values at the beginning, as YAML or `--set`. */
	readonly values: string;
	/** The other side, when two are compared from the start. */
	readonly other?: Side;
}

export interface ConfigDiffProps {
	readonly island: ConfigDiffIsland;
	readonly words: LabWords;
}

/** Values that show what helm and the chart do with mistakes. */
const EXAMPLES = {
	misspelt: { version: '1.13.4', text: 'dubug:\n  enabled: true\nmonitorAggregation: none\n' },
	removed: { version: '1.18.11', text: 'tunnel: disabled\nautoDirectNodeRoutes: true\n' },
	type: { version: '1.18.11', text: '--set kubeProxyReplacement=strict --set bpf.masquerade=yes\n' },
} as const;
type Example = keyof typeof EXAMPLES;

export function ConfigDiff({ island, words }: ConfigDiffProps) {
	const text = words.text.diff;
	const start: Side = { version: island.version, text: island.values };
	const [left, setLeft] = useState<Side>(start);
	const [right, setRight] = useState<Side>(island.other ?? { ...start, version: VERSIONS.at(-2)! });
	const [two, setTwo] = useState(island.other !== undefined);
	const own = useMemo(() => configOf(left), [left]);
	const other = useMemo(
		() => (two ? configOf(right) : configOf({ version: left.version, text: '' })),
		[two, left, right],
	);
	const rows =
		'data' in own && 'data' in other ? differences(two ? own.data : other.data, two ? other.data : own.data) : [];
	const names = two ? [text.sideA, text.sideB] : [text.byDefault, text.here];
	const both = 'data' in own && 'data' in other;
	return (
		<div class="lp-in">
			<div class="cd-sides">
				<SideForm
					id={`${island.id}-a`}
					words={words}
					side={left}
					name={two ? text.sideA : text.here}
					onChange={setLeft}
				/>
				{two ? (
					<SideForm id={`${island.id}-b`} words={words} side={right} name={text.sideB} onChange={setRight} />
				) : null}
			</div>
			<div class="lp-bar needs-script">
				<fieldset class="lp-one">
					<legend>{text.compareWith}</legend>
					{([false, true] as const).map((value) => (
						<label>
							<input
								type="radio"
								name={`${island.id}-two`}
								checked={two === value}
								onChange={() => {
									setTwo(value);
								}}
							/>
							<span>{value ? text.other : text.defaults}</span>
						</label>
					))}
				</fieldset>
				<label class="lp-one">
					<span>{text.example}</span>
					<select
						onChange={(e) => {
							const name = e.currentTarget.value as Example | '';
							const chosen = name === '' ? start : EXAMPLES[name];
							setLeft({ version: chosen.version, text: chosen.text });
							if (name !== '') setTwo(false);
						}}
					>
						<option value="">{text.examples.own}</option>
						{(Object.keys(EXAMPLES) as Example[]).map((name) => (
							<option value={name}>{text.examples[name]}</option>
						))}
					</select>
				</label>
			</div>
			<Findings words={words} config={own} version={left.version} name={two ? text.sideA : undefined} />
			{two ? <Findings words={words} config={other} version={right.version} name={text.sideB} /> : null}
			{both ? (
				<>
					<p class="lp-sum" role="status">
						<Say
							words={words}
							t={two ? text.sumSides : text.sumDefaults}
							v={{ n: rows.length, total: own.data.size, others: other.data.size }}
						/>
					</p>
					<Rows words={words} rows={rows} names={names} by={own.by} two={two} />
				</>
			) : null}
		</div>
	);
}

interface SideFormProps {
	readonly id: string;
	readonly words: LabWords;
	readonly side: Side;
	readonly name: string;
	readonly onChange: (side: Side) => void;
}

function SideForm({ id, words, side, name, onChange }: SideFormProps) {
	const text = words.text.diff;
	return (
		<fieldset class="cd-side">
			<legend>{name}</legend>
			<label class="lp-one">
				<span>{text.version}</span>
				<select value={side.version} onChange={(e) => onChange({ ...side, version: e.currentTarget.value })}>
					{(VERSIONS.includes(side.version) ? VERSIONS : [side.version, ...VERSIONS]).map((version) => (
						<option value={version} selected={version === side.version}>
							{version}
						</option>
					))}
				</select>
			</label>
			<CodeEditor
				id={id}
				label={text.values}
				leave={words.text.leave}
				value={side.text}
				onChange={(value) => onChange({ ...side, text: value })}
			/>
		</fieldset>
	);
}

interface FindingsProps {
	readonly words: LabWords;
	readonly config: Config | Refusal;
	readonly version: string;
	/** Of the side, when there are two. */
	readonly name: string | undefined;
}

/** What is refused, in the words of who refuses it, and what is taken without effect, which nobody says. */
function Findings({ words, config, version, name }: FindingsProps) {
	const text = words.text.diff;
	const head = name === undefined ? '' : `${name}${colonOf(words)}`;
	if ('error' in config)
		return (
			<div class="lp-finding is-refused" role="alert">
				<pre class="lp-said">Error: {config.error.trimEnd()}</pre>
				<p>
					{head}
					<Say words={words} t={config.by === 'chart' ? text.refused : text.unread} v={{ version }} />
				</p>
			</div>
		);
	const without = config.given.filter((one) => one.kind !== 'sets');
	if (without.length === 0) return null;
	return (
		<ul class="lp-findings">
			{without.map((one) => (
				<li class={`lp-finding ${one.kind === 'no-key' ? 'is-note' : 'is-silent'}`}>
					{head}
					<code class="nb">{one.path}</code>
					<span>
						{words.language === 'ko' ? colonOf(words) : gapOf(words)}
						<Say
							words={words}
							t={one.kind === 'unknown' ? text.unknown : one.kind === 'other-version' ? text.otherVersion : text.noKey}
							v={{ version }}
						/>
						{one.near === undefined ? null : (
							<>
								{gapOf(words)}
								<Say words={words} t={text.near} v={{ near: one.near }} />
							</>
						)}
					</span>
				</li>
			))}
		</ul>
	);
}

interface RowsProps {
	readonly words: LabWords;
	readonly rows: readonly Difference[];
	readonly names: readonly string[];
	readonly by: Config['by'];
	readonly two: boolean;
}

/** Two versions differ in a hundred keys: changed ones in sight, those of one side only folded. */
function Rows({ words, rows, names, by, two }: RowsProps) {
	const text = words.text.diff;
	const changed = rows.filter((row) => row.left !== undefined && row.right !== undefined);
	const onlyLeft = rows.filter((row) => row.right === undefined);
	const onlyRight = rows.filter((row) => row.left === undefined);
	const table = (of: readonly Difference[]) => (
		<Table words={words} rows={of} names={names} by={two ? undefined : by} />
	);
	if (rows.length === 0) return null;
	if (rows.length <= 24) return table(rows);
	const folds = [
		{ rows: onlyLeft, side: names[0]! },
		{ rows: onlyRight, side: names[1]! },
	].filter((fold) => fold.rows.length > 0);
	return (
		<>
			{changed.length > 0 ? table(changed) : null}
			{folds.map((fold) => (
				<details class="lp-fold">
					<summary>{plain(text.only, { n: fold.rows.length, side: fold.side }, words.language)}</summary>
					{table(fold.rows)}
				</details>
			))}
		</>
	);
}

function Table(props: Pick<RowsProps, 'words' | 'rows' | 'names'> & { readonly by: Config['by'] | undefined }) {
	const { words, rows, names, by } = props;
	const text = words.text.diff;
	const cell = (value: string | undefined, other: string | undefined) =>
		value === undefined ? (
			<span class="cd-absent">{text.absent}</span>
		) : value === '' ? (
			<span class="cd-absent">{text.empty}</span>
		) : (
			<code class={other === undefined ? 'cd-new' : undefined}>{value}</code>
		);
	return (
		// biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls sideways must be reachable by keyboard
		<section class="lp-scroll" tabIndex={0} aria-label={text.table}>
			<table class="cd-rows">
				<thead>
					<tr>
						<th scope="col">{text.key}</th>
						<th scope="col">{names[0]}</th>
						<th scope="col">{names[1]}</th>
						{by ? <th scope="col">{text.by}</th> : null}
					</tr>
				</thead>
				<tbody>
					{rows.map((row) => (
						<tr>
							<th scope="row">
								<code>{row.key}</code>
							</th>
							<td data-column={names[0]}>{cell(row.left, row.right)}</td>
							<td data-column={names[1]}>{cell(row.right, row.left)}</td>
							{by ? (
								<td data-column={text.by}>
									<span>
										{(by.get(row.key) ?? []).map((path, i) => (
											<>
												{i > 0 ? ' ' : null}
												<code>{path}</code>
											</>
										))}
									</span>
								</td>
							) : null}
						</tr>
					))}
				</tbody>
			</table>
		</section>
	);
}
