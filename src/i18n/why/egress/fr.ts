import type { EgressWords } from '../types.ts';

export const why: EgressWords = {
	'cilium.egw-address':
		'Une politique de sortie couvre {ip} : le paquet doit partir avec l’IP de sortie de la politique, {address}.',
	'cilium.egw-excluded':
		'{ip} est dans un CIDR que la politique de sortie exclut : le paquet continue comme sans politique.',
	'cilium.egw-gateway':
		'Une politique de sortie désigne ce pod et {ip} : le paquet entre dans le tunnel vers la passerelle, le nœud {node}, quel que soit le mode de routage.',
	'cilium.egw-here':
		'Une politique de sortie désigne ce pod et {ip}, et sa passerelle est ce nœud même : le paquet n’a pas à aller ailleurs.',
	'cilium.egw-no-address':
		'Une politique de sortie couvre {ip}, mais sa passerelle n’a pas d’IP de sortie : le paquet est jeté, et personne n’en est averti.',
	'cilium.egw-no-gateway':
		'Une politique de sortie couvre {ip}, mais aucun nœud n’est sa passerelle : le paquet est jeté plutôt que de sortir avec une autre adresse.',
	'cilium.egw-reply':
		'C’est la réponse à ce que le pod {ip} a demandé par cette passerelle : elle retourne dans le tunnel, vers le nœud du pod, {node}.',
	'cilium.egw-way':
		'Ce nœud est la passerelle pour {ip}. Le chemin est cherché comme depuis l’IP de sortie, {address} ; la source changera là où le paquet sort.',
};
