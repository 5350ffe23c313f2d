/** A part of a figure whose code is fetched when the reader opens it. */
import type { ComponentType } from 'preact';
import { useEffect, useState } from 'preact/hooks';
import type { Words } from './context.tsx';

interface LazyProps<P> {
	title: string;
	words: Words;
	load: () => Promise<ComponentType<P>>;
	props: P;
	/** Shown at once, without a fold of its own. */
	open?: boolean;
}

export function Lazy<P extends object>({ title, words, load, props, open = false }: LazyProps<P>) {
	const [wanted, setWanted] = useState(open);
	const [Part, setPart] = useState<ComponentType<P>>();
	const [failed, setFailed] = useState(false);
	useEffect(() => {
		if (!wanted || Part) return;
		let gone = false;
		load().then(
			(part) => gone || setPart(() => part),
			() => gone || setFailed(true),
		);
		return () => {
			gone = true;
		};
	}, [wanted]);
	const body = failed ? (
		<p role="alert">{words.text.record.failed}</p>
	) : Part ? (
		<Part {...props} />
	) : (
		<p>{words.text.record.loading}</p>
	);
	if (open) return <div class="pw-lazy">{body}</div>;
	return (
		<details
			class="pw-fold"
			onToggle={(e) => {
				if (e.currentTarget.open) setWanted(true);
			}}
		>
			<summary>{title}</summary>
			{wanted ? body : null}
		</details>
	);
}
