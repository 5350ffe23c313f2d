/** 0-based number of the question a link asks for, which counts from 1; the first for anything else. */
export function drawOf(text: string | undefined, variants: number): number {
	const at = Number(text) - 1;
	return at in Array(variants).fill(0) ? at : 0;
}
