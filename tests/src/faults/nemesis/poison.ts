/** A field that marks events whose bodies break the contract on purpose. */
export const poison = 'poison'
