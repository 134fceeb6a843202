/** The people behind the demo sign-in buttons, one per built-in role. */
export const DEMO_USERS = {
  admin: { email: "ada.moreno@acme.example", name: "Ada Moreno" },
  manager: { email: "tom.becker@acme.example", name: "Tom Becker" },
  user: { email: "lena.fischer@acme.example", name: "Lena Fischer" },
} as const;
