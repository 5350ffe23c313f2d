/**
 * The switches of a figure. Native radios and selects; an impossible choice stays in sight, with the reason under
 * it. The static page has the same markup: the first change there brings the figure to life.
 */
import type { ComponentChildren } from 'preact';
import { plain } from '../i18n/rich.ts';
import { useFigure } from './context.tsx';
import { Gap, T } from './rich-text.tsx';
import type { Choice, Switch } from './switches.ts';

export interface SwitchboardProps {
	switches: readonly Switch[];
	/** Absent in the static page. */
	onTurn?: (control: Switch['control'], value: string) => void;
	children?: ComponentChildren;
	/** Inside another form: no form of its own. */
	bare?: boolean;
}

export function Switchboard({ switches, onTurn, children, bare = false }: SwitchboardProps) {
	const all = switches.map((s) =>
		s.choices.some((c) => c.plain?.v) ? <Select s={s} onTurn={onTurn} /> : <Radios s={s} onTurn={onTurn} />,
	);
	if (bare) return <div class="sw needs-script">{all}</div>;
	return (
		// No name of its own: three named forms would be three landmarks called the same.
		<form class="sw needs-script" onSubmit={(e) => e.preventDefault()}>
			{all}
			{children}
		</form>
	);
}

type One = { s: Switch; onTurn?: SwitchboardProps['onTurn'] };

function Legend({ s }: { s: Switch }) {
	return (
		<>
			{s.label}
			{s.option ? (
				<>
					{' · '}
					<code class="m">{s.option}</code>
				</>
			) : null}
		</>
	);
}

function Radios({ s, onTurn }: One) {
	const { id, words } = useFigure();
	const reasons = [...new Set(s.choices.flatMap((c) => (c.off ? [c.off] : [])))];
	const offId = `${id}-${s.control}-off`;
	return (
		<fieldset class="sw-one" data-control={s.control}>
			<legend>
				<Legend s={s} />
			</legend>
			<div class="sw-seg">
				{s.choices.map((c) => (
					<label class={c.off ? 'is-off' : undefined}>
						<input
							type="radio"
							name={`${id}-${s.control}`}
							value={c.value}
							checked={c.value === s.value}
							disabled={c.off !== undefined}
							aria-describedby={c.off ? offId : undefined}
							onChange={onTurn && (() => onTurn(s.control, c.value))}
						/>
						<span>
							<ChoiceText c={c} />
						</span>
					</label>
				))}
			</div>
			<Plain s={s} />
			{reasons.length > 0 ? (
				<p class="sw-off" id={offId}>
					{reasons.map((reason) => (
						<span>
							{s.choices
								.filter((c) => c.off === reason)
								.map((c) => c.name)
								.join(words.text.record.listSeparator)}
							{words.text.record.colon}
							{reason}
							<Gap />
						</span>
					))}
				</p>
			) : null}
		</fieldset>
	);
}

function ChoiceText({ c }: { c: Choice }) {
	return (
		<>
			{c.name}
			{c.code ? (
				<>
					{' '}
					<span class="m sw-code">{c.code}</span>
				</>
			) : null}
		</>
	);
}

/** The chosen value in plain words, when its name is a term. */
function Plain({ s }: { s: Switch }) {
	const chosen = s.choices.find((c) => c.value === s.value);
	if (!chosen?.plain) return null;
	return (
		<p class="sw-plain">
			<T {...chosen.plain} />
		</p>
	);
}

function Select({ s, onTurn }: One) {
	const { id, words } = useFigure();
	const name = `${id}-${s.control}`;
	return (
		<div class="sw-one" data-control={s.control}>
			<label for={name}>
				<Legend s={s} />
			</label>
			<select
				id={name}
				name={name}
				value={s.value}
				onChange={onTurn && ((e) => onTurn(s.control, e.currentTarget.value))}
			>
				{s.choices.map((c) => (
					<option value={c.value} disabled={c.off !== undefined} selected={c.value === s.value}>
						{c.plain ? plain(c.plain.t, c.plain.v ?? {}, words.language) : c.name}
						{c.off ? ` (${c.off})` : ''}
					</option>
				))}
			</select>
		</div>
	);
}
