/** What may be done with a whole figure: compare, reset, link. */
import type { Situation } from '../exercises/index.ts';
import type { Words } from './context.tsx';
import { CopyLink } from './copy-link.tsx';

interface ActsProps {
	words: Words;
	compared: Situation | undefined;
	situation: Situation;
	isDefault: boolean;
	setCompared: (s: Situation | undefined) => void;
	onReset: () => void;
	address: () => Promise<string>;
}

export function Acts({ words, compared, situation, isDefault, setCompared, onReset, address }: ActsProps) {
	const text = words.text.switches;
	return (
		<div class="sw-acts">
			<button
				type="button"
				class="pw-btn"
				aria-pressed={compared !== undefined}
				onClick={() => setCompared(compared ? undefined : situation)}
			>
				{compared ? text.compareStop : text.compareKeep}
			</button>
			<button type="button" class="pw-btn" disabled={isDefault} onClick={onReset}>
				{text.reset}
			</button>
			<CopyLink address={address} />
		</div>
	);
}
