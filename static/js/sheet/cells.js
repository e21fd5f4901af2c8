export function hello() {}
