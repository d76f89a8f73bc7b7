"""How the server of a cloudstage takes requests, before and around moto."""
