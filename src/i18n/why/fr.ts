import type { WhyWords } from './types.ts';

export const why: WhyWords = {
	'arp.asked': 'Personne n’a encore dit quelle adresse MAC porte {ip} : la question part donc sur {dev}, à tous ceux du lien.',
	'arp.answered': '{ip} est une adresse de cette machine : elle répond donc avec son adresse MAC, {mac}.',
};
