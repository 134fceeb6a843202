import { DEMO_USERS } from "@/db/demo-users";
import type { RoleKey } from "@/lib/auth/roles";

// The demo company sells software for field service: a dispatch board, a technician app, parts, reports.

export const demoTeams = ["Sales", "Customer Success", "Product"] as const;
export type DemoTeam = (typeof demoTeams)[number];

export interface DemoMember {
  readonly key: string;
  readonly name: string;
  readonly email: string;
  readonly role: RoleKey;
  readonly team: DemoTeam;
  /** Key of the person they report to. */
  readonly manager: string | null;
}

const member = (
  key: string,
  name: string,
  role: RoleKey,
  team: DemoTeam,
  manager: string | null,
): DemoMember => ({
  key,
  name,
  email: `${name.toLowerCase().replace(" ", ".")}@acme.example`,
  role,
  team,
  manager,
});

export const demoMembers: readonly DemoMember[] = [
  { key: "ada", ...DEMO_USERS.admin, role: "admin", team: "Sales", manager: null },
  { key: "tom", ...DEMO_USERS.manager, role: "manager", team: "Sales", manager: "ada" },
  { key: "lena", ...DEMO_USERS.user, role: "user", team: "Sales", manager: "tom" },
  member("jonas", "Jonas Weber", "user", "Sales", "tom"),
  member("marcus", "Marcus Okafor", "manager", "Customer Success", "ada"),
  member("priya", "Priya Nair", "user", "Customer Success", "marcus"),
  member("mei", "Mei Tanaka", "user", "Customer Success", "marcus"),
  member("hugo", "Hugo Lindgren", "manager", "Product", "ada"),
  member("sofia", "Sofia Rossi", "user", "Product", "hugo"),
];

export interface DemoContact {
  readonly key: string;
  readonly name: string;
  readonly title: string;
}

/** A company that Acme talks to, with the words that its conversations are filled with. */
export interface DemoAccount {
  readonly key: string;
  readonly name: string;
  readonly domain: string;
  readonly industry: string;
  readonly stage: "prospect" | "customer";
  readonly city: string;
  /** What they maintain. */
  readonly assets: string;
  /** What they call the people in the field. */
  readonly crew: string;
  readonly count: number;
  /** What they use today, or used before us. */
  readonly tool: string;
  /** The other vendor they look at. */
  readonly rival: string;
  readonly contacts: readonly DemoContact[];
}

export const demoAccounts: readonly DemoAccount[] = [
  {
    key: "northwind",
    name: "Northwind Traders",
    domain: "northwind-traders.example",
    industry: "Food wholesale",
    stage: "prospect",
    city: "Hamburg",
    assets: "cold rooms",
    crew: "technicians",
    count: 45,
    tool: "a shared spreadsheet",
    rival: "FieldPilot",
    contacts: [
      { key: "elena", name: "Elena Petrova", title: "Head of Operations" },
      { key: "daniel", name: "Daniel Hughes", title: "IT Manager" },
      { key: "grace", name: "Grace Liu", title: "Maintenance Planner" },
    ],
  },
  {
    key: "bluebird",
    name: "Bluebird Logistics",
    domain: "bluebird-logistics.example",
    industry: "Logistics",
    stage: "customer",
    city: "Rotterdam",
    assets: "conveyor lines",
    crew: "mechanics",
    count: 120,
    tool: "RouteWise",
    rival: "FieldPilot",
    contacts: [
      { key: "victor", name: "Victor Lang", title: "Director of Engineering" },
      { key: "nadia", name: "Nadia Haddad", title: "Operations Manager" },
      { key: "peter", name: "Peter Novak", title: "Workshop Lead" },
    ],
  },
  {
    key: "harborline",
    name: "Harborline Facilities",
    domain: "harborline.example",
    industry: "Facility management",
    stage: "prospect",
    city: "Lyon",
    assets: "air handling units",
    crew: "engineers",
    count: 80,
    tool: "FieldPilot",
    rival: "Servora",
    contacts: [
      { key: "claire", name: "Claire Dubois", title: "Facilities Director" },
      { key: "omar", name: "Omar Farouk", title: "Service Manager" },
      { key: "ruth", name: "Ruth Bergmann", title: "Procurement Manager" },
    ],
  },
  {
    key: "cedarfinch",
    name: "Cedar & Finch Elevators",
    domain: "cedarfinch.example",
    industry: "Elevator service",
    stage: "customer",
    city: "Oslo",
    assets: "lifts",
    crew: "fitters",
    count: 60,
    tool: "paper job sheets",
    rival: "Servora",
    contacts: [
      { key: "ingrid", name: "Ingrid Solheim", title: "Service Director" },
      { key: "felix", name: "Felix Brandt", title: "Dispatch Lead" },
      { key: "yara", name: "Yara Costa", title: "Finance Controller" },
    ],
  },
  {
    key: "solberg",
    name: "Solberg Wind",
    domain: "solberg-wind.example",
    industry: "Renewable energy",
    stage: "customer",
    city: "Stavanger",
    assets: "turbines",
    crew: "technicians",
    count: 150,
    tool: "a maintenance database from 2009",
    rival: "RouteWise",
    contacts: [
      { key: "anders", name: "Anders Solberg", title: "Maintenance Director" },
      { key: "kaja", name: "Kaja Nilsen", title: "Planning Lead" },
      { key: "ravi", name: "Ravi Menon", title: "Systems Engineer" },
    ],
  },
  {
    key: "pinewood",
    name: "Pinewood Clinics",
    domain: "pinewood-clinics.example",
    industry: "Healthcare",
    stage: "customer",
    city: "Leeds",
    assets: "imaging devices",
    crew: "device engineers",
    count: 25,
    tool: "e-mail and a wall calendar",
    rival: "Servora",
    contacts: [
      { key: "hannah", name: "Hannah Cole", title: "Biomedical Lead" },
      { key: "sam", name: "Sam Whitfield", title: "IT Support" },
      { key: "lucia", name: "Lucia Ferrer", title: "Compliance Officer" },
    ],
  },
  {
    key: "redwood",
    name: "Redwood Bakeries",
    domain: "redwood-bakeries.example",
    industry: "Food production",
    stage: "prospect",
    city: "Leipzig",
    assets: "ovens",
    crew: "service mechanics",
    count: 18,
    tool: "a whiteboard in the workshop",
    rival: "RouteWise",
    contacts: [
      { key: "martin", name: "Martin Krause", title: "Plant Manager" },
      { key: "aisha", name: "Aisha Bello", title: "Operations Analyst" },
    ],
  },
  {
    key: "kestrel",
    name: "Kestrel Energy",
    domain: "kestrel-energy.example",
    industry: "Energy",
    stage: "prospect",
    city: "Bristol",
    assets: "heat pumps",
    crew: "installers",
    count: 200,
    tool: "RouteWise",
    rival: "FieldPilot",
    contacts: [
      { key: "julian", name: "Julian Ashford", title: "Chief Operating Officer" },
      { key: "mina", name: "Mina Park", title: "Head of Field Service" },
      { key: "oscar", name: "Oscar Lindqvist", title: "Procurement Lead" },
    ],
  },
  {
    key: "lumen",
    name: "Lumen Signage",
    domain: "lumen-signage.example",
    industry: "Digital signage",
    stage: "prospect",
    city: "Brussels",
    assets: "digital signs",
    crew: "installers",
    count: 30,
    tool: "a group chat and a spreadsheet",
    rival: "Servora",
    contacts: [
      { key: "beatrice", name: "Beatrice Moreau", title: "Service Coordinator" },
      { key: "tariq", name: "Tariq Aziz", title: "Co-founder" },
    ],
  },
  {
    key: "marlow",
    name: "Marlow Property Care",
    domain: "marlow-care.example",
    industry: "Property maintenance",
    stage: "customer",
    city: "Dublin",
    assets: "boilers",
    crew: "tradespeople",
    count: 55,
    tool: "paper diaries",
    rival: "FieldPilot",
    contacts: [
      { key: "fiona", name: "Fiona Marlow", title: "Managing Director" },
      { key: "callum", name: "Callum Reid", title: "Scheduler" },
      { key: "noor", name: "Noor Rahman", title: "Customer Care Lead" },
    ],
  },
  {
    key: "orchard",
    name: "Orchard Retail",
    domain: "orchard-retail.example",
    industry: "Retail",
    stage: "customer",
    city: "Munich",
    assets: "checkout systems",
    crew: "field engineers",
    count: 95,
    tool: "a ticket system made for offices",
    rival: "FieldPilot",
    contacts: [
      { key: "stefan", name: "Stefan Vogel", title: "Head of Store Technology" },
      { key: "emily", name: "Emily Hart", title: "Service Desk Manager" },
      { key: "diego", name: "Diego Santos", title: "Regional Lead" },
    ],
  },
  {
    key: "tidewater",
    name: "Tidewater Ports",
    domain: "tidewater-ports.example",
    industry: "Ports",
    stage: "prospect",
    city: "Antwerp",
    assets: "cranes",
    crew: "crane technicians",
    count: 70,
    tool: "an old asset register",
    rival: "RouteWise",
    contacts: [
      { key: "henrik", name: "Henrik Dahl", title: "Asset Manager" },
      { key: "paula", name: "Paula Mendes", title: "Information Security Officer" },
    ],
  },
  {
    key: "alpine",
    name: "Alpine Ropeways",
    domain: "alpine-ropeways.example",
    industry: "Ropeways",
    stage: "customer",
    city: "Innsbruck",
    assets: "ropeways",
    crew: "lift engineers",
    count: 40,
    tool: "printed maintenance books",
    rival: "Servora",
    contacts: [
      { key: "lukas", name: "Lukas Gruber", title: "Technical Director" },
      { key: "sina", name: "Sina Keller", title: "Maintenance Planner" },
    ],
  },
  {
    key: "fabrikon",
    name: "Fabrikon Print",
    domain: "fabrikon.example",
    industry: "Printing machinery",
    stage: "customer",
    city: "Stuttgart",
    assets: "presses",
    crew: "press technicians",
    count: 35,
    tool: "FieldPilot",
    rival: "RouteWise",
    contacts: [
      { key: "monika", name: "Monika Schulz", title: "After-sales Manager" },
      { key: "paul", name: "Paul Richter", title: "Field Supervisor" },
      { key: "akari", name: "Akari Sato", title: "Customer Engineer" },
    ],
  },
  {
    key: "willow",
    name: "Willow Senior Living",
    domain: "willow-living.example",
    industry: "Care homes",
    stage: "prospect",
    city: "Utrecht",
    assets: "nurse call systems",
    crew: "caretakers",
    count: 22,
    tool: "a paper log in every house",
    rival: "FieldPilot",
    contacts: [
      { key: "agnes", name: "Agnes Baker", title: "Estates Manager" },
      { key: "leo", name: "Leo Hartmann", title: "Digital Lead" },
    ],
  },
];
