/** A duration as Go prints it: `1m30s`, `500ms`, `0s` (time.Duration.String). Microseconds. */
export function goDuration(micros: number): string {
	if (micros === 0) return '0s';
	if (micros < 1000) return `${micros}µs`;
	if (micros < 1e6) return `${micros / 1000}ms`;
	const seconds = micros / 1e6;
	const hours = Math.floor(seconds / 3600);
	const minutes = Math.floor(seconds / 60) % 60;
	const rest = `${Math.round((seconds - hours * 3600 - minutes * 60) * 1e6) / 1e6}s`;
	if (hours > 0) return `${hours}h${minutes}m${rest}`;
	return minutes > 0 ? `${minutes}m${rest}` : rest;
}
