/** duration.ShortHumanDuration: `364d`, `9y`. */
export function restText(seconds: number): string {
	if (seconds < 0) return '<invalid>';
	const hours = Math.floor(seconds / 3600);
	if (hours < 1) return seconds < 60 ? `${Math.floor(seconds)}s` : `${Math.floor(seconds / 60)}m`;
	if (hours < 24) return `${hours}h`;
	return hours < 24 * 365 ? `${Math.floor(hours / 24)}d` : `${Math.floor(hours / 24 / 365)}y`;
}
