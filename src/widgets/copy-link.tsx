/** Puts an address into the clipboard, or into sight where that is not allowed. */
import { useState } from 'preact/hooks';
import { useFigure } from './context.tsx';

export function CopyLink({ address }: { address: () => string | Promise<string> }) {
	const text = useFigure().words.text.switches;
	const [said, setSaid] = useState<string>();
	const copy = async () => {
		const link = await address();
		try {
			await navigator.clipboard.writeText(link);
			setSaid(text.copied);
		} catch {
			setSaid(`${text.copyFailed} ${link}`);
		}
	};
	return (
		<>
			<button type="button" class="pw-btn" onClick={copy}>
				{text.copyLink}
			</button>
			<span class="sw-said" role="status">
				{said}
			</span>
		</>
	);
}
