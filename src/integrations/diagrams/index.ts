import { defineMdastPlugin } from 'satteri';

export function diagrams() {
	return defineMdastPlugin({ name: 'packetwalk:diagrams' });
}
